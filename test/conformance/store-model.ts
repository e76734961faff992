import { type Guid, getGuid } from '../../src/kernel/ids.ts';
import { linkModel } from '../../src/metadata/model.ts';
import type {
  Choice,
  Column,
  ColumnDefinition,
  Model,
  Navigation,
  Table,
  TableDefinition,
} from '../../src/metadata/table.ts';
import type { AuthorizedPlan, WriteScope } from '../../src/odata/authorized-plan.ts';
import { mintNativeRead, mintNativeWrite } from '../../src/odata/plan-mint.ts';
import type { Condition, Expand, Order, Query, Value } from '../../src/odata/query.ts';

/** A small model with a column of each type and a navigation property of each kind. */

const column = (
  name: string,
  type: ColumnDefinition['type'],
  more: Partial<ColumnDefinition> = {},
): ColumnDefinition => ({
  name,
  label: name,
  type,
  access: 'read-write',
  ...more,
});

const common = { kind: 'native', ownership: 'organization', purpose: 'test' } as const;

const teams: TableDefinition = {
  ...common,
  logicalName: 'pv_team',
  schemaName: 'pv_Team',
  entitySetName: 'pv_teams',
  label: 'Team',
  objectTypeCode: 20_001,
  primaryKey: 'pv_teamid',
  primaryName: 'pv_name',
  naturalKey: ['pv_name'],
  columns: [column('pv_teamid', 'Guid'), column('pv_name', 'String'), column('pv_city', 'String')],
  manyToMany: [
    {
      intersect: 'pv_teamskill',
      navigation: 'pv_teamskills',
      target: 'pv_skill',
      inverse: 'pv_teamskills',
      ownColumn: 'pv_teamid',
      targetColumn: 'pv_skillid',
    },
  ],
};

const skills: TableDefinition = {
  ...common,
  logicalName: 'pv_skill',
  schemaName: 'pv_Skill',
  entitySetName: 'pv_skills',
  label: 'Skill',
  objectTypeCode: 20_002,
  primaryKey: 'pv_skillid',
  primaryName: 'pv_name',
  naturalKey: [],
  columns: [column('pv_skillid', 'Guid'), column('pv_name', 'String')],
};

const teamSkills: TableDefinition = {
  ...common,
  logicalName: 'pv_teamskill',
  schemaName: 'pv_TeamSkill',
  entitySetName: 'pv_teamskillset',
  label: 'Team skill',
  intersect: true,
  objectTypeCode: 20_003,
  primaryKey: 'pv_teamskillid',
  primaryName: 'pv_teamskillid',
  naturalKey: ['pv_teamid', 'pv_skillid'],
  columns: [column('pv_teamskillid', 'Guid'), column('pv_teamid', 'Guid'), column('pv_skillid', 'Guid')],
};

const people: TableDefinition = {
  ...common,
  logicalName: 'pv_person',
  schemaName: 'pv_Person',
  entitySetName: 'pv_people',
  label: 'Person',
  objectTypeCode: 20_004,
  primaryKey: 'pv_personid',
  primaryName: 'pv_name',
  naturalKey: ['pv_company', 'pv_number'],
  companyColumn: 'pv_company',
  indexed: ['pv_started', 'pv_level'],
  columns: [
    column('pv_personid', 'Guid'),
    column('pv_name', 'String'),
    column('pv_number', 'String'),
    column('pv_company', 'String'),
    column('pv_notes', 'Memo'),
    column('pv_level', 'Integer'),
    column('pv_big', 'BigInt'),
    column('pv_salary', 'Decimal', { scale: 2 }),
    column('pv_rate', 'Decimal', { scale: 6 }),
    column('pv_active', 'Boolean'),
    column('pv_born', 'Date'),
    column('pv_started', 'DateTime'),
    column('pv_status', 'Choice', { choice: 'pv_status' }),
    column('pv_secret', 'String', { hidden: true }),
    column('pv_team', 'Lookup', { lookup: { target: 'pv_team', navigation: 'pv_team', inverse: 'pv_members' } }),
    column('pv_manager', 'Lookup', {
      lookup: { target: 'pv_person', navigation: 'pv_manager', inverse: 'pv_reports' },
    }),
  ],
};

export const storeDefinitions: readonly TableDefinition[] = [teams, skills, teamSkills, people];
/** Any number may be stored: the store does not look at options. */
export const storeChoices: readonly Choice[] = [{ name: 'pv_status', label: 'Status', options: [] }];
export const storeModel: Model = linkModel(storeDefinitions, storeChoices);

export function getTable(name: string, model = storeModel): Table {
  const table = model.table.get(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

export const person = getTable('pv_person');
export const team = getTable('pv_team');
export const skill = getTable('pv_skill');
export const teamSkill = getTable('pv_teamskill');

export function col(table: Table, name: string): Column {
  const found = table.column.get(name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
}

export function nav(table: Table, name: string): Navigation {
  const found = table.navigation.get(name);
  if (found === undefined) throw new Error(`no navigation property ${name}`);
  return found;
}

/** Values by column name. */
export const values = (table: Table, of: Readonly<Record<string, Value>>): Map<Column, Value> =>
  new Map(Object.entries(of).map(([name, value]) => [col(table, name), value]));

/** The nth GUID, in order. */
export const id = (n: number): Guid => getGuid(`00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`);

export interface QueryParts {
  readonly columns?: readonly string[];
  readonly where?: Condition;
  readonly orderBy?: readonly string[];
  readonly expand?: readonly Expand[];
  readonly limit?: number | undefined;
  readonly countUpTo?: number;
  readonly after?: readonly Value[] | undefined;
  readonly etag?: boolean;
  readonly unsetTextAsEmpty?: boolean;
}

/** `-name` in `orderBy` is descending. */
export function query(table: Table, parts: QueryParts = {}): Query {
  const order = (name: string): Order => ({
    column: col(table, name.replace(/^-/, '')),
    descending: name.startsWith('-'),
  });
  return {
    table,
    columns: (parts.columns ?? []).map((name) => col(table, name)),
    where: parts.where,
    orderBy: (parts.orderBy ?? []).map(order),
    expand: parts.expand ?? [],
    limit: 'limit' in parts ? parts.limit : 1000,
    countUpTo: parts.countUpTo,
    after: parts.after,
    etag: parts.etag ?? false,
    unsetTextAsEmpty: parts.unsetTextAsEmpty ?? false,
  };
}

export const read = (of: Query): AuthorizedPlan<Query> => mintNativeRead(of);

export const writePlan = (table: Table): AuthorizedPlan<WriteScope> =>
  mintNativeWrite({ operation: { kind: 'create', table, values: new Map(), binds: [] }, rowFilter: undefined });

/** Conditions in short: `is('pv_level', 'gt', 3)`. */
export const is = (
  name: string,
  op: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le',
  value: Value,
  table = person,
): Condition => ({ kind: 'compare', op, column: col(table, name), value });
export const not = (of: Condition): Condition => ({ kind: 'not', of });
export const all = (...of: Condition[]): Condition => ({ kind: 'and', of });
export const any = (...of: Condition[]): Condition => ({ kind: 'or', of });
export const among = (name: string, ...list: Value[]): Condition => ({
  kind: 'in',
  column: col(person, name),
  values: list,
});
export const search = (op: 'contains' | 'startswith' | 'endswith', name: string, value: string): Condition => ({
  kind: 'text',
  op,
  column: col(person, name),
  value,
});
export const columns = (left: string, op: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le', right: string): Condition => ({
  kind: 'compareColumns',
  op,
  left: col(person, left),
  right: col(person, right),
});
export const through = (table: Table, name: string, where: Condition): Condition => ({
  kind: 'through',
  navigation: nav(table, name),
  where,
});
