import type { FixOperation } from '../explain/condition.ts';
import type { Session } from './session.ts';

/** Carries out what the server proposes, in its order, through the surfaces that administrators use. Gives the answers. */
export async function carryOut(session: Session, operations: readonly FixOperation[]): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const operation of operations) answers.push(await carryOutOne(session, operation));
  return answers;
}

function carryOutOne(session: Session, { surface, method, path, body }: FixOperation): Promise<unknown> {
  const send = { graph: session.graph, 'web-api': session.webApi, data: session.data }[surface];
  return send(path, { method, ...(body !== undefined && { body }) });
}
