import type { ClientId, EnvironmentId, TenantId } from '../kernel/ids.ts';

/** An environment as administration shows it. */
export interface EnvironmentEntry {
  readonly id: EnvironmentId;
  readonly tenantId: TenantId;
  readonly uniqueName: string;
  readonly name: string;
  /** Origin without a trailing slash. */
  readonly url: string;
  /** The one at the server's own URL, which cannot be moved or deleted. */
  readonly isFirst: boolean;
  /** Can be read, and nothing in it can be changed. */
  readonly isFrozen: boolean;
}

export interface NewEnvironment {
  readonly tenantId: TenantId;
  readonly uniqueName: string;
  readonly name: string;
  /** An origin; absent: `<unique name>.localhost`, where names under `.localhost` lead to the server. */
  readonly url: string | undefined;
  /** The application that is System Administrator in both gates from the start. */
  readonly administratorClientId: ClientId;
}

/** What stays absent stays as it is. */
export interface EnvironmentChange {
  readonly name: string | undefined;
  readonly url: string | undefined;
  readonly isFrozen: boolean | undefined;
}

/** What this surface needs of the environments. Changes run one after the other and throw an `AdminRefusal`. */
export interface EnvironmentAdministration {
  /** In order of their unique names. */
  list(): readonly EnvironmentEntry[];
  /** Answers when the environment is served. */
  create(order: NewEnvironment): Promise<EnvironmentEntry>;
  change(id: EnvironmentId, change: EnvironmentChange): Promise<EnvironmentEntry>;
  /** Takes it out of service at once and deletes its data. `confirmation` must be its unique name. */
  remove(id: EnvironmentId, confirmation: string | undefined): Promise<void>;
  /** Runs a job while no environment is being made, changed or removed. */
  undisturbed<T>(job: () => Promise<T>): Promise<T>;
}
