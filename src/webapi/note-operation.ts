import type { AuditedRow, AuditNotes } from '../kernel/audit.ts';
import { parseGuid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Model } from '../metadata/table.ts';
import type { Operation } from '../odata/operation.ts';
import type { ParsedRequest } from '../odata/parse-operation.ts';
import type { OperationResult } from '../odata/result.ts';
import type { Passed } from './pass-gates.ts';
import { sensitiveColumnsOf } from './sensitive-columns.ts';

/** What an operation is about: its table, the id of its row, the name of its message. Never a value. */
function noteOperation(notes: AuditedRow, operation: Operation): void {
  switch (operation.kind) {
    case 'retrieve':
      notes.table = operation.query.table.logicalName;
      notes.targetId = operation.id;
      return;
    case 'retrieveMultiple':
      notes.table = operation.query.table.logicalName;
      return;
    case 'flat': {
      const { table, joins } = operation.query;
      notes.table = table.logicalName;
      if (joins.length > 0) notes.message = joins.map((join) => join.table.logicalName).join(',');
      return;
    }
    case 'count':
      notes.table = operation.query.table.logicalName;
      notes.message = '$count';
      return;
    case 'create':
      notes.table = operation.table.logicalName;
      return;
    case 'update':
    case 'delete':
      notes.table = operation.table.logicalName;
      notes.targetId = operation.id;
      return;
    case 'associate':
    case 'disassociate':
      notes.table = operation.table.logicalName;
      notes.targetId = operation.id;
      notes.message = operation.navigation.name;
      return;
    case 'retrieveRelated':
      notes.table = operation.navigation.table.logicalName;
      notes.targetId = operation.id;
      notes.message = operation.navigation.name;
      return;
    case 'message':
      notes.message = operation.name;
      if (operation.bound === undefined) return;
      notes.table = operation.bound.table.logicalName;
      notes.targetId = operation.bound.id;
      return;
    default:
      unreachable(operation);
  }
}

/** What a request is about, as far as its text says. */
export function noteRequest(notes: AuditedRow, { operation, composite }: ParsedRequest): void {
  noteOperation(notes, operation);
  const sensitive = sensitiveColumnsOf(operation);
  if (sensitive !== '') notes.sensitive = sensitive;
  if (composite?.kind === 'multiple') notes.table = composite.table.logicalName;
}

/** A row that a request has changed beside the one that it is about. */
export function auditedRow({ granted, result }: Passed): AuditedRow {
  const row: AuditedRow = {};
  noteOperation(row, granted);
  noteResult(row, result);
  return row;
}

/** The row that was made. */
export function noteResult(notes: AuditedRow, result: OperationResult): void {
  if (result.kind === 'created' || result.kind === 'updated') notes.targetId = result.id;
}

/** Which set of definitions is asked for, and whose: the table by its name, or any definition by its id. */
export function noteDefinitions(notes: AuditNotes, path: string, model: Model): void {
  notes.message = path.split(/[/(]/, 1)[0] ?? '';
  const name = /^EntityDefinitions\(LogicalName=(?:'|%27)(\w+)(?:'|%27)\)/.exec(path)?.[1];
  if (name !== undefined && model.table.has(name)) notes.table = name;
  noteDefinitionId(notes, path);
}

/** The id of the first definition that a path names. */
export function noteDefinitionId(notes: AuditNotes, path: string): void {
  const id = parseGuid(/^\w+\(([0-9A-Fa-f-]{36})\)/.exec(path)?.[1] ?? '');
  if (id !== undefined) notes.targetId = id;
}
