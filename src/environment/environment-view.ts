import { nativeCountPlan } from '../dataverse/count-plan.ts';
import type { DataverseSecurity } from '../dataverse/dataverse-security.ts';
import type { Directory } from '../directory/directory.ts';
import { countLimit, type EnvironmentView } from '../explain/environment-view.ts';
import { virtualCountPlan } from '../hr/count-plan.ts';
import { administrationTable } from '../hr/hr-rows.ts';
import type { HrSecurity } from '../hr/hr-security.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Model, Table } from '../metadata/table.ts';
import type { Database } from '../storage/database.ts';

interface ViewDeps {
  readonly id: EnvironmentView['id'];
  readonly tenantId: EnvironmentView['tenantId'];
  readonly url: string;
  readonly database: Database;
  readonly directory: Directory;
  readonly security: DataverseSecurity;
  readonly hrSecurity: HrSecurity;
  readonly model: () => Model;
  /** Are the rows of this table in another source? */
  readonly isElsewhere: (table: Table) => boolean;
  readonly clock: Clock;
  readonly shapesAsked: EnvironmentView['shapesAsked'];
}

/** What explanations look at: whatever is in force when they look. */
export const viewOf = (deps: ViewDeps): EnvironmentView => ({
  id: deps.id,
  tenantId: deps.tenantId,
  url: deps.url,
  get model() {
    return deps.model();
  },
  get dataverse() {
    return deps.security.current;
  },
  get hr() {
    return deps.hrSecurity.current;
  },
  get directory() {
    return deps.directory.current;
  },
  get now() {
    return deps.clock();
  },
  async count(table, where) {
    if (deps.isElsewhere(table)) return undefined;
    const plan = table.kind === 'native' ? nativeCountPlan : virtualCountPlan;
    return (await deps.database.query(plan(table, where, countLimit))).count;
  },
  isElsewhere: deps.isElsewhere,
  shapesAsked: deps.shapesAsked,
  administration: (set) => deps.database.readAll(administrationTable(deps.model(), set)),
});
