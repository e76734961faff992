import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { Route, Switch } from 'wouter';
import { ApiClient } from './api/api-client.ts';
import { ApiContext } from './api/api-context.tsx';
import { ApiError } from './api/api-error.ts';
import { ConfirmProvider } from './components/confirm.tsx';
import { NotifyProvider } from './components/notify.tsx';
import { GuardedRouter } from './components/record-form/unsaved.tsx';
import { LocaleProvider } from './i18n/locale-context.tsx';
import { SessionGate } from './session/session-gate.tsx';
import { SetUp } from './session/set-up.tsx';
import { isOfNoSession, sessionKey } from './session/use-session.ts';
import { FailureBoundary } from './shell/failure-boundary.tsx';
import { ScreenSwitch } from './shell/screen-switch.tsx';
import { Shell } from './shell/shell.tsx';
import { ThemeProvider } from './theme/theme-context.tsx';

const isTransient = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status === 0 || error.status > 501;

function createClients() {
  const queries = new QueryClient({
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (count, error) => count < 2 && isTransient(error) },
    },
  });
  const api = new ApiClient(
    () => void queries.invalidateQueries({ queryKey: sessionKey }),
    // What is on the page is read again by who changes it; the rest, such as lists to choose from, when it is shown again.
    () => void queries.invalidateQueries({ predicate: isOfNoSession, refetchType: 'none' }),
  );
  return { queries, api };
}

export function App() {
  const [{ queries, api }] = useState(createClients);
  return (
    <LocaleProvider>
      <ThemeProvider>
        <QueryClientProvider client={queries}>
          <ApiContext value={api}>
            <NotifyProvider>
              <ConfirmProvider>
                <GuardedRouter>
                  <FailureBoundary>
                    <Switch>
                      <Route path="/setup" component={SetUp} />
                      <Route>
                        <SessionGate>
                          <Shell>
                            <FailureBoundary>
                              <ScreenSwitch />
                            </FailureBoundary>
                          </Shell>
                        </SessionGate>
                      </Route>
                    </Switch>
                  </FailureBoundary>
                </GuardedRouter>
              </ConfirmProvider>
            </NotifyProvider>
          </ApiContext>
        </QueryClientProvider>
      </ThemeProvider>
    </LocaleProvider>
  );
}
