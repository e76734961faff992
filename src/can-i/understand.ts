import { findCallable, isBoundTo, platformMessages } from '../dataverse/message-catalog.ts';
import { ownerColumnOf } from '../dataverse/owner-column.ts';
import type { EnvironmentView } from '../explain/environment-view.ts';
import type { RequestShape } from '../kernel/cause.ts';
import { parseLegalEntityId, type SystemUserId } from '../kernel/ids.ts';
import { entityActions } from '../metadata/entity-actions.ts';
import type { Column, Navigation, SingleNavigation, Table } from '../metadata/table.ts';
import { findClient, findMember, findNavigation, findTable, nameUnknown, parseId } from './find-names.ts';
import { type AskedTexts, type Question, QuestionFault, type RequestTexts } from './question.ts';

type RowKind = Extract<RequestShape['kind'], 'read' | 'create' | 'update' | 'delete' | 'link'>;

/** The rights that can be asked about, as requests. Messages are asked about by their names. */
const kindOf: Readonly<Record<string, RowKind>> = {
  read: 'read',
  create: 'create',
  write: 'update',
  delete: 'delete',
  link: 'link',
};

/** What others call them. */
const otherWords: Readonly<Record<string, string>> = {
  update: 'write',
  append: 'link',
  appendto: 'link',
  associate: 'link',
  get: 'read',
  post: 'create',
  insert: 'create',
  patch: 'write',
};

/** @throws QuestionFault for names that are not there, and for what no right allows */
export function understand(view: EnvironmentView, asked: AskedTexts): Question {
  const clientId = findClient(view, asked.clientId);
  const asUserId = parseId<SystemUserId>('asUserId', asked.asUserId);
  return { subject: { clientId, ...(asUserId !== undefined && { asUserId }) }, ...understandRequest(view, asked) };
}

/** The same, whoever asks. */
export function understandRequest(view: EnvironmentView, asked: RequestTexts): Omit<Question, 'subject'> {
  const targetId = parseId('row', asked.row);
  const shape = shapeOf(view, asked);
  if (targetId !== undefined && shape.kind === 'create')
    throw new QuestionFault('optionInvalid', 'row', 'of use for a new row');
  return {
    shapes: [shape],
    ...(targetId !== undefined && { targetId }),
  };
}

function shapeOf(view: EnvironmentView, asked: RequestTexts): RequestShape {
  const { right = '', table: name } = asked;
  const kind = Object.hasOwn(kindOf, right.toLowerCase()) ? kindOf[right.toLowerCase()] : undefined;
  const table = name === undefined ? undefined : findTable(view.model, name);
  if (kind === undefined) return messageOf(right, table);
  if (table === undefined) throw new QuestionFault('optionInvalid', 'table', 'given: the logical name of a table');
  if (kind === 'link') return linkOf(table, asked.navigation);
  if (asked.navigation !== undefined)
    throw new QuestionFault('optionInvalid', 'navigation', 'of use but for right=link');
  return kind === 'delete' ? { kind, table: table.logicalName } : withMembers(view, table, kind, asked);
}

function messageOf(name: string, table: Table | undefined): RequestShape {
  const message = findCallable(name);
  if (message === undefined) {
    const word = otherWords[name.toLowerCase()];
    if (word !== undefined) throw new QuestionFault('nameUnknown', 'right', name, `did you mean ${word}?`);
    const names = [...Object.keys(kindOf), ...[...platformMessages, ...entityActions].map((each) => each.name)];
    throw nameUnknown('right', name, names, `${Object.keys(kindOf).join(', ')}, or the name of a message`);
  }
  const bound = table?.logicalName ?? (typeof message.boundTo === 'string' ? message.boundTo : undefined);
  if (!isBoundTo(message, bound)) {
    const where =
      message.boundTo === undefined
        ? 'it is bound to no table'
        : `it is bound to ${[message.boundTo].flat().join(', ')}`;
    throw new QuestionFault('neverAllowed', `call ${name} on ${bound ?? 'no table'}`, where);
  }
  return { kind: 'message', message: name, ...(bound !== undefined && { table: bound }) };
}

function linkOf(table: Table, name: string | undefined): RequestShape {
  if (name === undefined)
    throw new QuestionFault('optionInvalid', 'navigation', 'given: the navigation property that is set');
  const navigation = findNavigation(table, name);
  if (!isWritable(navigation))
    throw new QuestionFault('neverAllowed', `set ${name} of ${table.logicalName}`, 'it is read-only');
  return { kind: 'link', table: table.logicalName, navigations: [name] };
}

const isWritable = (navigation: Navigation): boolean =>
  navigation.kind === 'manyToMany' ? navigation.table.kind !== 'virtual' : navigation.column.access !== 'read-only';

function withMembers(
  view: EnvironmentView,
  table: Table,
  kind: 'read' | 'create' | 'update',
  { columns = '', company: named }: RequestTexts,
): RequestShape {
  const names = columns
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const members = names.map((name) => findMember(table, name));
  if (kind === 'read')
    return { kind, table: table.logicalName, columns: members.map((member) => columnOf(member).name) };
  for (const member of members) requireWritable(member, kind);
  const binds = members.flatMap((member) => navigationOf(table, member) ?? []);
  const company = parseCompany(table, named);
  const plain = members.filter((member) => navigationOf(table, member) === undefined).map((member) => columnOf(member));
  const own = company === undefined || table.company === undefined ? [] : [table.company];
  // Another owner is Assign, of this row, and appends it to nobody.
  const gives = kind === 'update' && binds.some(({ column }) => column === ownerColumnOf(table));
  return {
    ...{ kind, table: table.logicalName },
    columns: [...new Set([...plain.filter((column) => column !== table.company), ...own])].map((column) => column.name),
    navigations: binds.map(({ name }) => name),
    ...(company !== undefined && { company }),
    ...(gives && { privileges: assignOf(view, table) }),
  };
}

const isNavigation = (member: Column | SingleNavigation): member is SingleNavigation => 'kind' in member;

const columnOf = (member: Column | SingleNavigation): Column => (isNavigation(member) ? member.column : member);

/** A lookup is written by its navigation property, whichever of its names was given. */
function navigationOf(table: Table, member: Column | SingleNavigation): SingleNavigation | undefined {
  if (isNavigation(member)) return member;
  return [...table.navigation.values()].find(
    (each): each is SingleNavigation => each.kind === 'single' && each.column === member,
  );
}

function requireWritable(member: Column | SingleNavigation, kind: 'create' | 'update'): void {
  const { access, name, table } = columnOf(member);
  if (access === 'read-write' || (access === 'write-once' && kind === 'create')) return;
  const why = access === 'read-only' ? 'it is read-only' : 'it is set when the row is made, and never again';
  throw new QuestionFault('neverAllowed', `write ${name} of ${table.logicalName}`, why);
}

function parseCompany(table: Table, named: string | undefined): string | undefined {
  if (named === undefined) return undefined;
  const company = parseLegalEntityId(named);
  if (company === undefined) throw new QuestionFault('optionInvalid', 'company', 'the code of a legal entity');
  if (table.company === undefined)
    throw new QuestionFault('optionInvalid', 'company', `of use: ${table.logicalName} has no legal entity`);
  return company;
}

function assignOf({ dataverse: { index } }: EnvironmentView, table: Table): readonly string[] {
  const slot = index.slotOf(table, 'assign');
  return slot < 0 ? [] : [index.at(slot).name];
}
