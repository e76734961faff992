import type { Operation } from '../../odata/operation.ts';
import { refuse } from '../../odata/problems.ts';
import type { Row } from '../../odata/row-store.ts';

/** 412 when the row is not of the version that the caller has seen. */
export function checkVersion(row: Row, { precondition }: Extract<Operation, { kind: 'update' | 'delete' }>): void {
  if (precondition === undefined) return;
  const matches = precondition.versions === '*' || precondition.versions.includes(row.version);
  if (matches !== (precondition.kind === 'match')) throw refuse.versionMismatch();
}
