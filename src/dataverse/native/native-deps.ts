import type { Clock } from '../../kernel/clock.ts';
import type { ClientId, Guid, ServicePrincipalId } from '../../kernel/ids.ts';
import type { Model } from '../../metadata/table.ts';
import type { MessageParameters } from '../../odata/operation.ts';
import type { OperationResult } from '../../odata/result.ts';
import type { RowStore } from '../../odata/row-store.ts';
import type { SecurityInForce } from '../dataverse-security.ts';

/** An application as the directory of the environment's tenant knows it. */
export interface DirectoryApplication {
  readonly clientId: ClientId;
  /** Object id of the service principal in the tenant. */
  readonly objectId: ServicePrincipalId;
  readonly name: string;
  /** First identifier URI of the registration. */
  readonly identifierUri: string | undefined;
  /** Verified domain of the tenant, such as `contoso.onmicrosoft.com`. */
  readonly tenantDomain: string;
}

/** What native tables need of the directory: application users are filled from it. */
export interface ApplicationDirectory {
  /** The application with a service principal in the environment's tenant; `undefined` when there is none. */
  find(clientId: ClientId): Promise<DirectoryApplication | undefined>;
}

/** Messages on definitions (`InsertOptionValue`, `RetrieveMetadataChanges` …). Whoever calls has been authorized. */
export interface DefinitionMessages {
  run(name: string, parameters: MessageParameters): Promise<OperationResult>;
}

/** What carrying out operations on native tables of one environment needs. */
export interface NativeDeps {
  readonly model: Model;
  readonly organizationId: Guid;
  readonly tenantId: Guid;
  /** Unique name of the environment, and what people call it. */
  readonly organizationName: string;
  readonly friendlyName: string;
  /** Origin of the environment, without a trailing slash. */
  readonly publicUrl: string;
  readonly rows: RowStore;
  readonly security: SecurityInForce;
  readonly directory: ApplicationDirectory;
  readonly definitions: DefinitionMessages;
  readonly now: Clock;
}
