import type { Model, Table } from './table.ts';

/** Access levels of a data entity, weakest first (human-resources-security 2.2). */
export type EntityLevel = 'Read' | 'Update' | 'Create' | 'Correct' | 'Delete';

/** A Human Resources privilege that every environment has for a data entity. */
export interface EntityPrivilegeDefinition {
  readonly identifier: string;
  readonly name: string;
  readonly table: Table;
  /** Logical name of the table without the publisher's prefix (`SecurableName` under `/data/`). */
  readonly securableName: string;
  /** Entry point that the permission opens; virtual tables use the data services one (human-resources-security 2.3). */
  readonly integrationMode: 'DataServices';
  /** Levels granted; a stronger one always comes with the weaker ones. */
  readonly levels: readonly EntityLevel[];
}

interface PrivilegeKind {
  readonly suffix: string;
  readonly verb: string;
  readonly levels: readonly EntityLevel[];
}

const view: PrivilegeKind = { suffix: 'View', verb: 'View', levels: ['Read'] };
const update: PrivilegeKind = { suffix: 'Update', verb: 'Update', levels: ['Read', 'Update'] };
const create: PrivilegeKind = { suffix: 'Create', verb: 'Create', levels: ['Read', 'Update', 'Create'] };
const maintain: PrivilegeKind = {
  suffix: 'Maintain',
  verb: 'Maintain',
  levels: ['Read', 'Update', 'Create', 'Correct', 'Delete'],
};

/**
 * The privilege with exactly what an ATS needs, by the table's `recruitingAccess`. The naming convention of
 * human-resources-security 2.3 knows `View` and `Maintain` only; the two between are ours (2.8, proposal).
 */
const recruitingKinds = {
  none: undefined,
  read: view,
  update,
  create,
  full: maintain,
} as const satisfies Record<NonNullable<Table['recruitingAccess']>, PrivilegeKind | undefined>;

/** `<EntityName>View` and `<EntityName>Maintain` of every virtual table, and what recruiting needs between the two. */
export function entityPrivileges(model: Model): readonly EntityPrivilegeDefinition[] {
  return model.tables.flatMap((table) => {
    const kinds = new Set([view, maintain]);
    const recruiting = recruitingKinds[table.recruitingAccess ?? 'none'];
    if (recruiting !== undefined) kinds.add(recruiting);
    return [...kinds].flatMap((kind) => entityPrivilege(table, kind));
  });
}

/** What HcmRecruitingIntegrator grants: at most one privilege per table, none on tables outside recruiting. */
export function recruitingPrivileges(model: Model): readonly EntityPrivilegeDefinition[] {
  return model.tables.flatMap((table) => {
    const kind = recruitingKinds[table.recruitingAccess ?? 'none'];
    return kind === undefined ? [] : entityPrivilege(table, kind);
  });
}

/** Empty for tables that are no data entity of Human Resources. */
function entityPrivilege(table: Table, kind: PrivilegeKind): readonly EntityPrivilegeDefinition[] {
  if (table.kind !== 'virtual' || table.entityName === undefined) return [];
  return [
    {
      identifier: `${table.entityName}${kind.suffix}`,
      name: `${kind.verb} ${table.label}`,
      table,
      securableName: table.logicalName.slice(table.logicalName.indexOf('_') + 1),
      integrationMode: 'DataServices',
      levels: kind.levels,
    },
  ];
}
