/** A value that is there already, or comes later. Callers pay for waiting only when there is something to wait for. */
export type MaybePromise<T> = T | Promise<T>;

/** What `next` makes of the value: in this turn when the value is there. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
