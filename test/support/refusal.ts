import { Refusal } from '../../src/kernel/refusal.ts';

/** The refusal that `promise` ends with. Throws when there is none. */
export async function refusalOf(promise: Promise<unknown>): Promise<Refusal> {
  return asRefusal(
    await promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
}

/** The refusal that `act` throws at once. Throws when there is none. */
export function refusalBy(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    return asRefusal(error);
  }
  throw new Error('nothing was refused');
}

function asRefusal(error: unknown): Refusal {
  if (!(error instanceof Refusal)) throw new Error(`no refusal: ${String(error)}`);
  return error;
}
