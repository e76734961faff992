/**
 * The conditions that a request must meet, in the order in which they are evaluated. A refusal names the one that was not
 * met; `src/explain` says what each rests on. The names are stable: the audit log keeps them.
 */
export const conditionIds = [
  'token',
  'tenant',
  'application',
  'consent',
  'application-enabled',
  'credential',
  'resource',
  'directory-permission',
  'application-user',
  'user-enabled',
  'impersonation',
  'service-limits',
  'roles',
  'privilege',
  'depth',
  'column',
  'platform-link',
  'application-link',
  'hr-user',
  'hr-user-enabled',
  'hr-role',
  'permission',
  'legal-entity',
  'policy',
  'protected-column',
  'source',
  'hr-limits',
] as const;

export type ConditionId = (typeof conditionIds)[number];

/**
 * Why a request was refused, as data for the administrator: the condition that was not met, and the names and ids that the
 * decision rests on. Never a value of a row, never a secret.
 */
export interface RefusalCause {
  readonly condition: ConditionId;
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * What a request asks of the gates, by names alone: enough to decide again, too little to know what was in it. A request
 * that looks at several tables has several.
 */
export interface RequestShape {
  readonly kind: 'read' | 'create' | 'update' | 'delete' | 'link' | 'message' | 'definition';
  /** Logical name. Absent for definitions, and for messages that are bound to no table. */
  readonly table?: string;
  /** Logical names of the columns that are named: read, or written. */
  readonly columns?: readonly string[];
  /** Navigation properties that are set to a row; of a link, the one that is followed. */
  readonly navigations?: readonly string[];
  /** Legal entity that the body names. */
  readonly company?: string;
  /** Name of the message. */
  readonly message?: string;
  /** Names of the privileges that reading or changing definitions needs. */
  readonly privileges?: readonly string[];
}
