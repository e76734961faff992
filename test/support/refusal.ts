import { Refusal } from '../../src/kernel/refusal.ts';

/** The refusal that `promise` ends with. Throws when there is none. */
export async function refusalOf(promise: Promise<unknown>): Promise<Refusal> {
  const reason: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(reason instanceof Refusal)) throw new Error(`no refusal: ${String(reason)}`);
  return reason;
}
