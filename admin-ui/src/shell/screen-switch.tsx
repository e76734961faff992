import { Button } from '@fluentui/react-components';
import { type ComponentType, lazy, Suspense } from 'react';
import { Link, Route, Switch } from 'wouter';
import { Loading } from '../components/loading.tsx';
import { StatePanel } from '../components/state-panel.tsx';
import { useLocale } from '../i18n/locale-context.tsx';
import { screens } from '../screens/registry.ts';
import { useSession } from '../session/use-session.ts';

const components: ReadonlyMap<string, ComponentType> = new Map(
  screens.map(({ path, load }) => [path, lazy(async () => ({ default: (await load()).Screen }))]),
);

/** The screen of the address. Roles are the server's matter; here nobody is led to what would be refused. */
export function ScreenSwitch() {
  const { user } = useSession();
  return (
    <Suspense fallback={<Loading />}>
      <Switch>
        {screens.map(({ path, roles }) => (
          <Route key={path} path={path} component={roles.includes(user.role) ? componentOf(path) : NotPermitted} />
        ))}
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  );
}

const componentOf = (path: string): ComponentType => components.get(path) ?? NotFound;

function NotPermitted() {
  const { t } = useLocale();
  return <StatePanel title={t('state.noPermission')} text={t('state.noPermission.text')} />;
}

function NotFound() {
  const { t } = useLocale();
  return (
    <StatePanel title={t('state.notFound')} text={t('state.notFound.text')}>
      <Link href="/" asChild>
        <Button as="a">{t('state.notFound.home')}</Button>
      </Link>
    </StatePanel>
  );
}
