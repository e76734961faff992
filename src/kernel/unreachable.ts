/** Closes a switch over a union: adding a case does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new TypeError(`unhandled case: ${JSON.stringify(value)}`);
}
