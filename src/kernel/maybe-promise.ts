/** A value that is there already, or comes later. */
export type MaybePromise<T> = T | Promise<T>;
