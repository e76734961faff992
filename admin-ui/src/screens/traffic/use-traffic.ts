import { useEffect, useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { ApiError } from '../../api/api-error.ts';
import { readEvents, type ServerEvent } from './read-events.ts';
import { nothingSeen, type Seen, withEvents } from './seen.ts';

/** Milliseconds between looks at what has come: each one draws the page. */
const showEvery = 500;
/** Milliseconds between two questions at least: something on the way may end every answer at once. */
const pause = 3000;

interface Watching {
  readonly seen: Seen;
  /** Why nothing comes any more. */
  readonly error: unknown;
  readonly retry: () => void;
}

/** Requests as they come, until the page is left or paused. A stream ends after a minute, and the next one begins. */
export function useTraffic(isPaused: boolean): Watching {
  const api = useApi();
  const [seen, setSeen] = useState(nothingSeen);
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt begins anew
  useEffect(() => {
    if (isPaused) return;
    const ending = new AbortController();
    let waiting: ServerEvent[] = [];
    const show = (): void => {
      if (waiting.length === 0) return;
      const events = waiting;
      waiting = [];
      setSeen((before) => withEvents(before, events));
    };
    const timer = setInterval(show, showEvery);
    const watch = async (): Promise<void> => {
      while (!ending.signal.aborted) {
        const asked = Date.now();
        try {
          const headers = { Accept: 'text/event-stream' };
          const answer = await api.send('GET', '/portvakt/v1/traffic', { headers, signal: ending.signal });
          if (answer.body !== null) for await (const event of readEvents(answer.body)) waiting.push(event);
        } catch (failure) {
          if (ending.signal.aborted) return;
          if (failure instanceof ApiError && failure.status >= 400) {
            setError(failure);
            return;
          }
        }
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, asked + pause - Date.now())));
      }
    };
    void watch();
    return () => {
      clearInterval(timer);
      ending.abort();
    };
  }, [api, isPaused, attempt]);
  const retry = (): void => {
    setError(undefined);
    setAttempt((before) => before + 1);
  };
  return { seen, error, retry };
}
