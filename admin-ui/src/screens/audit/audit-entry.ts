/** One entry of the audit log, as `/portvakt/v1/audit` shows it; docs/audit.md says what each member means. */
export interface AuditEntry {
  readonly time: string;
  readonly run: string;
  readonly number: number;
  readonly kind: string;
  readonly outcome: string;
  readonly surface: string;
  readonly requestId: string;
  readonly method?: string;
  readonly table?: string;
  readonly message?: string;
  readonly status?: number;
  readonly code?: string;
  readonly reason?: string;
  readonly clientId?: string;
  readonly operator?: string;
}

export interface AuditPage {
  readonly value: readonly AuditEntry[];
  /** Where the next page begins. */
  readonly next: string | null;
}

export const outcomes = ['allowed', 'denied', 'failed', 'faulted'] as const;
export const kinds = ['token', 'read', 'change', 'consent', 'keys', 'server', 'gap'] as const;
export const surfaces = ['token', 'web-api', 'finops', 'graph', 'portvakt', 'server'] as const;

/** What is looked for, as it stands in the page's address: a search can be handed on as a link. */
export const filterNames = [
  'outcome',
  'kind',
  'surface',
  'since',
  'until',
  'clientId',
  'table',
  'correlationId',
] as const;

export type AuditFilter = Readonly<Partial<Record<(typeof filterNames)[number], string>>>;

/** Moments of a form are local times of the reader. What is none goes on as it was typed: the server says what is wrong. */
export function momentOf(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}
