import { createBuiltInProvider } from '../../src/adapter/providers/built-in.ts';
import { runAsHrUser } from '../../src/adapter/run-as-hr-user.ts';
import { administrationRow } from '../../src/hr/administration-row.ts';
import { writeBaseHrRows } from '../../src/hr/base-rows.ts';
import { administrationTable } from '../../src/hr/hr-rows.ts';
import { HrSecurity } from '../../src/hr/hr-security.ts';
import type { Guid } from '../../src/kernel/ids.ts';
import { silentProbe } from '../../src/kernel/probe.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import type { Model, Table } from '../../src/metadata/table.ts';
import { Differences, type Fidelity } from '../../src/odata/fidelity.ts';
import type { Operation } from '../../src/odata/operation.ts';
import type { Condition, Query, Value } from '../../src/odata/query.ts';
import type { OperationResult } from '../../src/odata/result.ts';
import { rowIdOfKey } from '../../src/odata/row-id.ts';
import { entityHooks } from '../../src/recruiting/entities/all.ts';
import { compileEntityRules } from '../../src/recruiting/entity-rules.ts';
import { EntityWriter } from '../../src/recruiting/entity-writer.ts';
import { atsClient } from '../hr/hr-world.ts';
import { columnOf, createOf, grantOf, queryOf, tableOf, updateOf, valuesOf } from '../hr/operations.ts';
import type { OpenStore, OpenStoreFor } from '../support/open-stores.ts';

type Named = Readonly<Record<string, Value>>;
export type Shown = Record<string, unknown>;

/** Companies, a job, a position, a person and one recruiting request: the least that recruiting needs. */
const registers: readonly (readonly [table: string, row: Named])[] = [
  ['mshr_hcmtitleentity', { mshr_titleid: 'Lead' }],
  ['mshr_hcmjobtypeentity', { mshr_jobtypeid: 'Fixed', mshr_exemptstatus: 200_000_001 }],
  ['mshr_hcmjobfunctionentity', { mshr_jobfunctionid: 'Manage', mshr_regulatoryjobcategory: 200_000_002 }],
  [
    'mshr_hcmjobentity',
    { mshr_jobid: 'Project Manager', mshr_titleid: 'Lead', mshr_functionid: 'Manage', mshr_jobtypeid: 'Fixed' },
  ],
  ['mshr_hcmpositionv2entity', { mshr_positionid: '000426', mshr_jobid: 'Project Manager', mshr_description: 'PM' }],
  ['mshr_hcmratingmodelentity', { mshr_ratingmodelid: 'Skills' }],
  [
    'mshr_hcmratinglevelentity',
    { mshr_ratingmodelid: 'Skills', mshr_ratinglevelid: '4', mshr_description: 'Advanced', mshr_factor: 4 },
  ],
  ['mshr_hcmskillentity', { mshr_skill: 'CustFocus', mshr_description: 'Customer focus' }],
  ['mshr_hcmveteranstatusentity', { mshr_veteranstatusid: 'None' }],
  ['mshr_hcmeducationdisciplineentity', { mshr_educationdiscipline: 'Business Mgmt' }],
  ['mshr_dirpersonentity', { mshr_firstname: 'Kari', mshr_lastname: 'Nordmann' }],
  [
    'mshr_hcmrecruitingrequestentity',
    {
      mshr_dataareaid: 'usmf',
      mshr_jobid: 'Project Manager',
      mshr_description: 'One more',
      mshr_estimatedstartdate: '2026-01-01T00:00:00Z',
    },
  ],
  [
    'mshr_hcmrecruitingrequestentity',
    {
      mshr_dataareaid: 'no01',
      mshr_jobid: 'Project Manager',
      mshr_description: 'Elsewhere',
      mshr_estimatedstartdate: '2026-01-01T00:00:00Z',
    },
  ],
];

/** An environment behind the second gate, and shorthands for what a caller does through it. */
export class AdapterWorld {
  readonly model: Model;
  readonly opened: OpenStore;
  readonly security: HrSecurity;
  fidelity: Fidelity = 'extended';
  differences = new Differences('extended');

  private constructor(model: Model, opened: OpenStore, security: HrSecurity) {
    this.model = model;
    this.opened = opened;
    this.security = security;
  }

  static async open(open: OpenStoreFor): Promise<AdapterWorld> {
    const model = builtInModel();
    const opened = await open(model);
    await opened.store.maintain((rows) => writeBaseHrRows(rows, model));
    const world = new AdapterWorld(model, opened, await HrSecurity.load(model, opened.store));
    await world.fill();
    return world;
  }

  close(): Promise<void> {
    return this.opened.close();
  }

  table(name: string): Table {
    return tableOf(this.model, name);
  }

  async administer(set: string, named: Named): Promise<void> {
    const table = administrationTable(this.model, set);
    await this.opened.store.maintain((rows) => rows.insert(table, administrationRow(table, named)));
    await this.security.refresh();
  }

  /** What the caller would be answered; a refusal becomes `{ status, code, message }`. */
  async run(operation: Operation, clientId = atsClient): Promise<OperationResult> {
    this.differences = new Differences(this.fidelity);
    const rules = compileEntityRules(this.model, entityHooks);
    const provider = createBuiltInProvider({ store: this.opened.store, rules });
    const deps = { hrSecurity: this.security, provider, probe: silentProbe };
    return runAsHrUser(deps, { clientId, appName: 'ATS' }, grantOf(operation), this.differences);
  }

  /** The refusal that an operation meets. */
  async refusal(
    operation: Operation,
    clientId = atsClient,
  ): Promise<{ status: number; code: string; message: string }> {
    const error: unknown = await this.run(operation, clientId).then(
      () => new Error('it was not refused'),
      (reason: unknown) => reason,
    );
    if (!(error instanceof Refusal)) throw error;
    return error.problem;
  }

  async create(table: string, named: Named): Promise<Guid> {
    const result = await this.run(createOf(this.table(table), named));
    if (result.kind !== 'created') throw new Error(result.kind);
    return result.id;
  }

  update(table: string, id: Guid, named: Named, more = {}): Promise<OperationResult> {
    return this.run(updateOf(this.table(table), id, named, more));
  }

  delete(table: string, id: Guid): Promise<OperationResult> {
    return this.run({ kind: 'delete', table: this.table(table), id });
  }

  async read(table: string, id: Guid, more: Partial<Query> = {}): Promise<Shown> {
    const result = await this.run({ kind: 'retrieve', query: queryOf(this.table(table), more), id });
    if (result.kind !== 'row') throw new Error(result.kind);
    return JSON.parse(result.row ?? 'null');
  }

  async list(table: string, where?: Condition, more: Partial<Query> = {}): Promise<Shown[]> {
    const query = queryOf(this.table(table), { where, ...more });
    const result = await this.run({ kind: 'retrieveMultiple', query, pageNumber: 1 });
    if (result.kind !== 'page') throw new Error(result.kind);
    return result.page.rows.map((row) => JSON.parse(row));
  }

  /** The id of the one row that has this value, whoever may see it. */
  async idOf(table: string, column: string, value: Value): Promise<Guid> {
    const rows = await this.opened.store.readAll(this.table(table));
    const found = rows.filter((row) => row.values.get(columnOf(this.table(table), column)) === value);
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} rows of ${table} have ${value}`);
    return found[0].id;
  }

  equals(table: string, column: string, value: Value): Condition {
    return { kind: 'compare', op: 'eq', column: columnOf(this.table(table), column), value };
  }

  /** Business logic without a gate, for registers that no recruiting role may write. */
  async insert(table: string, named: Named): Promise<Guid> {
    const rules = compileEntityRules(this.model, entityHooks);
    const values = valuesOf(this.table(table), named);
    return this.opened.store.maintain((rows) =>
      new EntityWriter(rules, rows, undefined).create(this.table(table), { values }),
    );
  }

  async fill(): Promise<void> {
    const company = this.table('cdm_company');
    for (const code of ['usmf', 'no01']) {
      const named = { cdm_companyid: rowIdOfKey(company, [code]), cdm_companycode: code, cdm_name: code };
      await this.opened.store.maintain((rows) => rows.insert(company, valuesOf(company, named)));
    }
    for (const [table, row] of registers) await this.insert(table, row);
    const user = 'RekrutteringIntegrasjon';
    const language = { UserInfo_language: 'en-us', Helplanguage: 'en-us' };
    await this.administer('SystemUsers', { UserID: user, UserName: 'Rekruttering', Company: 'usmf', ...language });
    const role = { SecurityRoleIdentifier: 'HcmRecruitingIntegrator', SecurityRoleName: 'Recruiting application' };
    await this.administer('SecurityUserRoleAssociations', { UserId: user, ...role });
    await this.administer('SysAADClients', { AADClientId: atsClient, Name: 'Demo ATS', UserId: user });
  }
}
