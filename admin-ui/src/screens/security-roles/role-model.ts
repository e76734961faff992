import type { ApiClient } from '../../api/api-client.ts';
import { query, webApi } from '../../api/odata.ts';
import { type Depth, depths, rankOf } from './depth.ts';

/** A role of the unit that it was made in; its copies below follow it. */
export interface SecurityRole {
  readonly '@odata.etag': string;
  readonly roleid: string;
  readonly name: string;
  readonly ismanaged: boolean;
  readonly isinherited: number;
  readonly modifiedon: string;
  readonly _businessunitid_value: string;
  readonly '_businessunitid_value@OData.Community.Display.V1.FormattedValue'?: string;
}

export const roleColumns = 'name,ismanaged,isinherited,modifiedon,_businessunitid_value';

/** The predefined role with what an ATS needs as a minimum. */
const templateName = 'ATS integration';

export const rights = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign', 'Share'] as const;
export type Right = (typeof rights)[number];

/** One privilege, and the depths that it takes. */
export interface Privilege {
  readonly id: string;
  readonly name: string;
  readonly depths: readonly Depth[];
}

/** A row of the matrix. */
export interface TableRow {
  readonly logicalName: string;
  /** By language code: 1033, 1044. */
  readonly labels: Readonly<Record<number, string>>;
  readonly isCustom: boolean;
  readonly privileges: Readonly<Partial<Record<Right, Privilege>>>;
}

export interface PrivilegeWorld {
  readonly tables: readonly TableRow[];
  /** Privileges that belong to no table. */
  readonly misc: readonly Privilege[];
}

/** What a role gives: privilege id to depth. */
export type Grants = ReadonlyMap<string, Depth>;

interface EntityDefinition {
  readonly LogicalName: string;
  readonly IsCustomEntity: boolean;
  readonly DisplayName: {
    readonly LocalizedLabels: readonly { readonly Label: string; readonly LanguageCode: number }[];
  };
  readonly Privileges: readonly {
    readonly PrivilegeId: string;
    readonly Name: string;
    readonly PrivilegeType: string;
    readonly CanBeBasic: boolean;
    readonly CanBeLocal: boolean;
    readonly CanBeDeep: boolean;
    readonly CanBeGlobal: boolean;
  }[];
}

interface PrivilegeRow {
  readonly privilegeid: string;
  readonly name: string;
  readonly canbebasic: boolean;
  readonly canbelocal: boolean;
  readonly canbedeep: boolean;
  readonly canbeglobal: boolean;
}

const depthsOf = (able: readonly boolean[]): readonly Depth[] => depths.filter((_, at) => able[at] === true);

const isRight = (type: string): type is Right => (rights as readonly string[]).includes(type);

/** Every table that has privileges, and the privileges of none. */
export async function loadPrivileges(api: ApiClient, signal?: AbortSignal): Promise<PrivilegeWorld> {
  const [entities, others] = await Promise.all([
    api.list<EntityDefinition>(
      `${webApi}/EntityDefinitions?$select=LogicalName,DisplayName,IsCustomEntity,Privileges`,
      { signal },
    ),
    api.list<PrivilegeRow>(
      `${webApi}/privileges${query({
        $select: 'name,canbebasic,canbelocal,canbedeep,canbeglobal',
        $orderby: 'name',
      })}`,
      { signal },
    ),
  ]);
  const tables = entities.rows.filter(({ Privileges }) => Privileges.length > 0).map(tableOf);
  const ofTables = new Set(tables.flatMap(({ privileges }) => Object.values(privileges).map(({ id }) => id)));
  const misc = others.rows
    .filter(({ privilegeid }) => !ofTables.has(privilegeid))
    .map(({ privilegeid: id, name, canbebasic, canbelocal, canbedeep, canbeglobal }) => ({
      ...{ id, name },
      depths: depthsOf([canbebasic, canbelocal, canbedeep, canbeglobal]),
    }));
  return { tables, misc };
}

function tableOf({ LogicalName: logicalName, IsCustomEntity, DisplayName, Privileges }: EntityDefinition): TableRow {
  const privileges: Partial<Record<Right, Privilege>> = {};
  for (const { PrivilegeId: id, Name: name, PrivilegeType: type, ...able } of Privileges) {
    const takes = depthsOf([able.CanBeBasic, able.CanBeLocal, able.CanBeDeep, able.CanBeGlobal]);
    if (isRight(type)) privileges[type] = { id, name, depths: takes };
  }
  return {
    logicalName,
    labels: Object.fromEntries(DisplayName.LocalizedLabels.map(({ LanguageCode, Label }) => [LanguageCode, Label])),
    // The companies of the common data model stand among the custom tables in the real product.
    isCustom: IsCustomEntity || logicalName.startsWith('cdm_'),
    privileges,
  };
}

interface RolePrivileges {
  readonly RolePrivileges: readonly { readonly PrivilegeId: string; readonly Depth: Depth }[];
}

export async function loadGrants(api: ApiClient, roleId: string, signal?: AbortSignal): Promise<Grants> {
  const answer = await api.get<RolePrivileges>(`${webApi}/RetrieveRolePrivilegesRole(RoleId=${roleId})`, { signal });
  return new Map(answer.RolePrivileges.map(({ PrivilegeId, Depth: depth }) => [PrivilegeId, depth]));
}

/** What the ATS template gives; nothing where the environment has no such role. */
export async function loadTemplate(api: ApiClient, signal?: AbortSignal): Promise<Grants> {
  const $filter = `name eq '${templateName}' and _parentroleid_value eq null`;
  const { rows } = await api.list<SecurityRole>(`${webApi}/roles${query({ $select: 'name', $filter })}`, { signal });
  const found = rows[0];
  return found === undefined ? new Map() : loadGrants(api, found.roleid, signal);
}

/** Changed cells by privilege id; `undefined` takes the privilege away. */
export type Changes = ReadonlyMap<string, Depth | undefined>;

/**
 * Brings the changes to what the role gives by now, so that what somebody else changed in the meantime stays where this
 * person changed nothing.
 */
export async function saveGrants(api: ApiClient, role: SecurityRole, changes: Changes): Promise<void> {
  const next = new Map(await loadGrants(api, role.roleid));
  for (const [id, depth] of changes) {
    if (depth === undefined) next.delete(id);
    else next.set(id, depth);
  }
  await replaceGrants(api, role.roleid, role._businessunitid_value, next);
}

export const replaceGrants = (api: ApiClient, roleId: string, unit: string, grants: Grants): Promise<undefined> =>
  api.change('POST', `${webApi}/roles(${roleId})/Microsoft.Dynamics.CRM.ReplacePrivilegesRole`, {
    body: {
      Privileges: [...grants].map(([PrivilegeId, Depth]) => ({ PrivilegeId, Depth, BusinessUnitId: unit })),
    },
  });

/** The deepest of what a privilege takes that is not above what is wanted. */
export const nearest = (privilege: Privilege, wanted: Depth | undefined): Depth | undefined =>
  wanted === undefined
    ? undefined
    : (privilege.depths.findLast((each) => rankOf(each) <= rankOf(wanted)) ?? privilege.depths[0]);
