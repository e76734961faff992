import { type Guid, getGuid } from '../../kernel/ids.ts';
import type { Column, Table } from '../../metadata/table.ts';
import { and, equals, type Value } from '../../odata/query.ts';
import type { Row } from '../../odata/row-store.ts';
import type { EntityWriter } from '../entity-writer.ts';
import { infolog } from '../infolog.ts';
import { findRow } from '../listing.ts';
import { getColumn, getTable } from '../model-lookup.ts';
import type { Hire } from './hire.ts';
import { processProblems } from './process-problems.ts';
import { positionStatus } from './states.ts';

const register = (writer: EntityWriter): Table => getTable(writer.model, 'mshr_hcmpositionv2entity');
const assignments = (writer: EntityWriter): Table => getTable(writer.model, 'mshr_hcmpositionworkerassignmententity');

const valuesOf = (table: Table, named: Readonly<Record<string, Value>>): Map<Column, Value> =>
  new Map(Object.entries(named).map(([name, value]) => [getColumn(table, name), value]));

/** A position to be filled. */
interface NamedPosition {
  readonly id: string;
  /** Has the caller named it? Then it must be one that the caller may see. */
  readonly isAsked: boolean;
}

/** Puts a worker into a position, from the day of the hire on. A position that somebody has is refused. */
export async function assignPosition(
  hire: Hire,
  { id: positionId, isAsked }: NamedPosition,
  personnelNumber: string,
): Promise<void> {
  const { writer, startDate } = hire;
  const table = register(writer);
  const column = getColumn(table, 'mshr_positionid');
  const among = isAsked ? writer.gate.leadsTo(table) : undefined;
  const position = await findRow(writer.rows, table, [[column, positionId]], { among });
  if (position === undefined) throw infolog.notFound(column, positionId, table);
  const holder = position.values.get(getColumn(table, 'mshr_workerpersonnelnumber'));
  if (holder === personnelNumber) return;
  if (holder !== null && holder !== undefined && holder !== '' && !hasEnded(table, position, startDate)) {
    throw processProblems.positionIsHeld(positionId, holder);
  }
  const own = { mshr_positionid: positionId, mshr_personnelnumber: personnelNumber, mshr_validfrom: startDate };
  await writer.create(assignments(writer), { values: valuesOf(assignments(writer), own) });
  const shown = {
    mshr_workerpersonnelnumber: personnelNumber,
    mshr_workerassignmentstart: startDate,
    mshr_workerassignmentend: null,
  };
  await writer.update(table, position, { values: valuesOf(table, shown) });
}

/** Is the holder of a position gone on that day? */
function hasEnded(table: Table, position: Row, day: string): boolean {
  const end = position.values.get(getColumn(table, 'mshr_workerassignmentend'));
  return typeof end === 'string' && end < day;
}

/** The position of the candidate's request, if the request names it: a worker was chosen for it (ats-api 4.3). */
export async function fillRequestPosition({ writer, candidate }: Hire, positionId: string): Promise<void> {
  await setRequestPosition(writer, candidate('mshr_fk_recruitingrequest_id'), positionId, {
    from: positionStatus.open,
    to: positionStatus.filled,
  });
}

/** The other way: the candidate does not come, and somebody else may be looked for. */
export async function reopenRequestPosition(writer: EntityWriter, request: Value, positionId: string): Promise<void> {
  await setRequestPosition(writer, request, positionId, { from: positionStatus.filled, to: positionStatus.open });
}

async function setRequestPosition(
  writer: EntityWriter,
  request: Value,
  positionId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  if (request === null) return;
  const table = getTable(writer.model, 'mshr_hcmrecruitingrequestpositionentity');
  const status = getColumn(table, 'mshr_status');
  const row = await findRow(writer.rows, table, [
    [getColumn(table, 'mshr_fk_recruitingrequest_id'), request],
    [getColumn(table, 'mshr_positionid'), positionId],
  ]);
  if (row?.values.get(status) === from) await writer.updateShown(table, row, new Map([[status, to]]));
}

/** Ends what puts a worker into a position, on that day at the earliest. Gives whether there was anything. */
export async function leavePosition(
  writer: EntityWriter,
  positionId: string,
  worker: Guid,
  day: string,
): Promise<boolean> {
  const table = assignments(writer);
  const where = and(
    equals(getColumn(table, 'mshr_positionid'), positionId),
    equals(getColumn(table, 'mshr_fk_worker_id'), worker),
    equals(getColumn(table, 'mshr_validto'), null),
  );
  const [row] = await writer.rows.list(table, where ?? { kind: 'never' }, 1);
  if (row === undefined) return false;
  const from = String(row.values.get(getColumn(table, 'mshr_validfrom')));
  await writer.update(table, row, { values: valuesOf(table, { mshr_validto: day > from ? day : from }) });
  await clearHolder(writer, positionId, worker);
  return true;
}

async function clearHolder(writer: EntityWriter, positionId: string, worker: Guid): Promise<void> {
  const table = register(writer);
  const position = await findRow(writer.rows, table, [[getColumn(table, 'mshr_positionid'), positionId]]);
  if (position?.values.get(getColumn(table, 'mshr_fk_worker_id')) !== getGuid(worker)) return;
  const shown = { mshr_workerpersonnelnumber: null, mshr_workerassignmentstart: null, mshr_workerassignmentend: null };
  await writer.update(table, position, { values: valuesOf(table, shown) });
}
