import { messageOf } from '../../../kernel/message-of.ts';
import { describeHost } from './addresses.ts';

/** Milliseconds after which the next host is tried as well: one that is gone without a word is not waited for. */
const headStart = 250;

/** No host takes writes; the code is what `failure.ts` has words for. */
class NoWritableHost extends Error {
  readonly code = 'NO_WRITABLE_HOST';
}

/**
 * Tries hosts in their order, each when the one before it has failed or is slow, and gives what the first that works
 * gives. What others still open is handed to `discard`.
 * @throws Error that says of each host why not
 */
export async function firstWritable<T>(
  urls: readonly string[],
  open: (url: string) => Promise<T>,
  discard: (opened: T) => void,
): Promise<T> {
  const failures = new Map<string, unknown>();
  let chosen: T | undefined;
  const attempt = async (url: string): Promise<T> => {
    try {
      const opened = await open(url);
      if (chosen === undefined) chosen = opened;
      else discard(opened);
      return chosen;
    } catch (error) {
      failures.set(url, error);
      throw error;
    }
  };
  const attempts: Promise<T>[] = [];
  for (const url of urls) {
    attempts.push(attempt(url));
    await settledOrLate(attempts);
    if (chosen !== undefined) return chosen;
  }
  return Promise.any(attempts).catch(() => {
    throw failureOf(urls, failures);
  });
}

/** Until the newest one has failed, any has worked, or the time is up. */
async function settledOrLate<T>(attempts: readonly Promise<T>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, headStart);
  });
  const newest = attempts.at(-1)?.catch(() => undefined);
  await Promise.race([late, newest, Promise.any(attempts).catch(() => late)]);
  clearTimeout(timer);
}

function failureOf(urls: readonly string[], failures: ReadonlyMap<string, unknown>): unknown {
  const [only] = urls;
  if (urls.length === 1 && only !== undefined) return failures.get(only);
  return new NoWritableHost(urls.map((url) => `${describeHost(url)}: ${messageOf(failures.get(url))}`).join('; '));
}
