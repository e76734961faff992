import type { AuditNotes } from '../kernel/audit.ts';
import type { RequestShape } from '../kernel/cause.ts';
import type { Operation } from '../odata/operation.ts';
import type { Query } from '../odata/query.ts';
import { usedShapesOf } from '../odata/request-shape.ts';

/** An operation that was carried out; `isCreated`: it made a row. */
export interface UsedOperation {
  readonly operation: Operation;
  readonly isCreated: boolean;
}

/**
 * Which rights an allowed request made use of, for least privilege and simulation. Most requests asked for nothing but what
 * their entry says anyway, and nothing is written of them.
 */
export function noteUse(notes: AuditNotes, used: readonly UsedOperation[]): void {
  const [first, ...others] = used;
  if (first === undefined) return;
  const shapes = others.length === 0 ? shapesOfUse(first) : distinct(used.flatMap(shapesOfUse));
  if (!isTold(notes, shapes)) notes.shapes = shapes;
}

/** One request may stand for very many operations; they are of few shapes. */
const mostShapes = 100;

function distinct(shapes: readonly RequestShape[]): readonly RequestShape[] {
  const known = new Map(shapes.map((shape) => [JSON.stringify(shape), shape]));
  return [...known.values()].slice(0, mostShapes);
}

/** Does the entry say it all: a read of one table, or a create by POST, an update by PATCH, a deletion by DELETE? */
function isTold({ kind, method }: AuditNotes, [own, ...others]: readonly RequestShape[]): boolean {
  if (own === undefined || others.length > 0 || !isBare(own)) return own === undefined;
  return own.kind === 'read' ? kind === 'read' : method === toldBy[own.kind];
}

const toldBy: Partial<Record<RequestShape['kind'], string>> = { create: 'POST', update: 'PATCH', delete: 'DELETE' };

const isBare = ({ columns, navigations, company }: RequestShape): boolean =>
  columns === undefined && navigations === undefined && company === undefined;

/** A PATCH that made a row needed the right to create it beside the one to change it. */
function shapesOfUse({ operation, isCreated }: UsedOperation): readonly RequestShape[] {
  const shapes = isRead(operation) ? shapesOfRead(operation) : usedShapesOf(operation).map(withoutEmpty);
  const [own] = shapes;
  return isCreated && own?.kind === 'update' ? [...shapes, { ...own, kind: 'create' }] : shapes;
}

type Read = Extract<Operation, { kind: 'retrieve' | 'retrieveMultiple' | 'count' }>;

const isRead = (operation: Operation): operation is Read =>
  operation.kind === 'retrieve' || operation.kind === 'retrieveMultiple' || operation.kind === 'count';

const shapesOfReads = new WeakMap<Query, readonly RequestShape[]>();

/** Reads that are remembered come with the same query each time: it is looked at once. */
function shapesOfRead(operation: Read): readonly RequestShape[] {
  const known = shapesOfReads.get(operation.query);
  if (known !== undefined) return known;
  const shapes = usedShapesOf(operation).map(withoutEmpty);
  shapesOfReads.set(operation.query, shapes);
  return shapes;
}

const withoutEmpty = ({ columns = [], navigations = [], ...shape }: RequestShape): RequestShape => ({
  ...shape,
  ...(columns.length > 0 && { columns }),
  ...(navigations.length > 0 && { navigations }),
});
