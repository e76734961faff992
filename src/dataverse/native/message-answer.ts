import { Refusal } from '../../kernel/refusal.ts';
import type { BoundRow, Operation } from '../../odata/operation.ts';
import type { OperationResult } from '../../odata/result.ts';
import { unknownMessage } from '../messages.ts';

export type MessageOperation = Extract<Operation, { kind: 'message' }>;

/** The answer of a function, whose type is named after it. */
export const answer = (name: string, members: Readonly<Record<string, unknown>>): OperationResult => ({
  kind: 'message',
  responseType: `${name}Response`,
  members,
});

/** The row that a message is called on. */
export function boundRow({ bound, name }: MessageOperation): BoundRow {
  if (bound === undefined) throw new Refusal('parse', unknownMessage(name));
  return bound;
}
