import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Some tens of megabytes of statements for wide tables. */
const mostForgotten = 1000;

/**
 * Makes a function to be told how many prepared statements were let go of. The package's 1.x lines free a statement only
 * when its object is collected as garbage, and V8, which sees a tiny object, has no reason to: 20,000 shapes of queries
 * were seen to take 300 MB for good. So garbage is collected now and then; who sends that many different queries waits
 * some 30 ms for it.
 */
export function makeStatementCollector(): (count: number) => void {
  let forgotten = 0;
  let collect: (() => void) | undefined;
  return (count) => {
    forgotten += count;
    if (forgotten < mostForgotten) return;
    forgotten = 0;
    collect ??= exposedCollector();
    setImmediate(collect);
  };
}

function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('gc');
  return typeof found === 'function' ? () => void found() : () => undefined;
}
