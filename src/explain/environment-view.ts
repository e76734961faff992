import type { DataverseSnapshot } from '../dataverse/snapshot.ts';
import type { DirectorySnapshot } from '../directory/snapshot.ts';
import type { HrSet } from '../hr/hr-rows.ts';
import type { HrSnapshot } from '../hr/hr-snapshot.ts';
import type { RequestShape } from '../kernel/cause.ts';
import type { WrittenRequest } from '../kernel/http.ts';
import type { ClientId, EnvironmentId, Guid, SystemUserId, TenantId } from '../kernel/ids.ts';
import type { Model, Table } from '../metadata/table.ts';
import type { Condition } from '../odata/query.ts';
import type { Row } from '../odata/row-store.ts';

/** What an explanation looks at of one environment: the very values that its gates decide by at this moment. */
export interface EnvironmentView {
  readonly id: EnvironmentId;
  readonly tenantId: TenantId;
  /** Origin without a trailing slash. */
  readonly url: string;
  readonly model: Model;
  readonly dataverse: DataverseSnapshot;
  readonly hr: HrSnapshot;
  readonly directory: DirectorySnapshot;
  readonly now: Date;
  /** Rows of a table that meet a condition, up to `countLimit`, never which; `undefined` where another source has them. */
  count(table: Table, where: Condition | undefined): Promise<number | undefined>;
  /** Are the rows of this table in another source than the environment's own database? */
  isElsewhere(table: Table): boolean;
  /** What a request would ask of the gates if it were sent here: a list for each of its parts; `undefined`: it is none. */
  shapesAsked(request: WrittenRequest): readonly (readonly RequestShape[])[] | undefined;
  /** Rows of Human Resources' own administration, where the snapshot has lost what a fix needs. */
  administration(set: HrSet): Promise<readonly Row[]>;
}

/** Counting ends here. */
export const countLimit = 100_000;

/** Whom a request is decided for. */
export interface Subject {
  /** Absent where no token or request told it. */
  readonly clientId?: ClientId;
  /** Of the token; absent: of the environment. */
  readonly tenantId?: TenantId;
  /** Of the token; absent: whichever the application has now. */
  readonly objectId?: Guid;
  /** The user in whose name it is made, where it is in another's. */
  readonly asUserId?: SystemUserId;
  /** An outside issuer vouches for the application: it is not in the directory. */
  readonly isOutside?: boolean;
}

/** The same environment with other security, to try things on. */
export const viewWith = (
  view: EnvironmentView,
  { hr = view.hr, dataverse = view.dataverse }: Partial<Pick<EnvironmentView, 'hr' | 'dataverse'>>,
): EnvironmentView => ({
  id: view.id,
  tenantId: view.tenantId,
  url: view.url,
  model: view.model,
  directory: view.directory,
  now: view.now,
  dataverse,
  hr,
  count: (table, where) => view.count(table, where),
  isElsewhere: (table) => view.isElsewhere(table),
  administration: (set) => view.administration(set),
  shapesAsked: (request) => view.shapesAsked(request),
});
