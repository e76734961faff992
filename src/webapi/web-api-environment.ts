import type { DataverseSecurity } from '../dataverse/dataverse-security.ts';
import type { TableGrant } from '../dataverse/table-grant.ts';
import type { Change, ChangeContext } from '../definitions/change/change.ts';
import type { AuditActor } from '../kernel/audit.ts';
import type { Clock } from '../kernel/clock.ts';
import type { EnvironmentId } from '../kernel/ids.ts';
import type { MaybePromise } from '../kernel/maybe-promise.ts';
import type { Probe } from '../kernel/probe.ts';
import type { Model } from '../metadata/table.ts';
import type { Differences, Fidelity } from '../odata/fidelity.ts';
import type { RememberedParser } from '../odata/remembered-parser.ts';
import type { OperationResult } from '../odata/result.ts';
import type { Caller } from '../token/caller.ts';

/** Who carries out what the first gate has granted. */
export interface Runners {
  /** Carries out what gate one granted on a native table, or a message of the platform. */
  runNative(caller: Caller, grant: TableGrant, differences: Differences): Promise<OperationResult>;
  /** Hands a granted operation on a virtual table to the adapter, where gate two stands; it notes whom the caller became. */
  runVirtual(caller: Caller, grant: TableGrant, differences: Differences, notes: AuditActor): Promise<OperationResult>;
}
/** How `$metadata` is asked for. */
export interface MetadataForm {
  readonly format: 'xml' | 'json';
  readonly isAnnotated: boolean;
}

export interface MetadataDocument {
  readonly body: Buffer;
  readonly etag: string;
}

/** Works out a change of the definitions in force. */
export type DefinitionWork = (current: Omit<ChangeContext, 'mergeLabels'>) => Change;

/** One environment as the Web API sees it. The composition root makes one per environment. */
export interface WebApiEnvironment extends Runners {
  readonly id: EnvironmentId;
  /** Origin such as `https://localhost:8443`, without a trailing slash. */
  readonly publicUrl: string;
  /** Names, with their ports, that lead here: that of `publicUrl` and its aliases. In lower case. */
  readonly hosts: readonly string[];
  readonly model: Model;
  /** `$metadata` of the model, written once in each form. */
  metadataDocument(form: MetadataForm): MetadataDocument;
  readonly fidelity: Fidelity;
  readonly clock: Clock;
  /** Told how long the gates take. */
  readonly probe: Probe;
  /** For this model and fidelity. */
  readonly parser: RememberedParser;
  readonly dataverse: DataverseSecurity;
  /** Verifies the `Authorization` header. Throws, or rejects with, a `Refusal` (401). */
  authenticate(authorization: string | undefined): MaybePromise<Caller>;
  /**
   * Runs `job` with runners whose writes are kept as a whole or not at all, native and virtual tables alike; what was
   * changed is in force when the promise resolves. `job` runs again from the start when it collides with others, and must
   * await nothing but its runners.
   */
  together<T>(job: (runners: Runners) => Promise<T>): Promise<T>;
  /** The same environment as it is now: another value when definitions have changed since. */
  latest(): WebApiEnvironment;
  /** Changes tables, columns, relationships and choices. The caller has been authorized. */
  changeDefinitions(work: DefinitionWork): Promise<Change>;
}
