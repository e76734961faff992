import type { AuditEntry } from '../kernel/audit.ts';
import type { Stage } from '../kernel/refusal.ts';

/** The gates that a caller meets, in their order. */
export type Gate = 'token' | 'authenticate' | 'one' | 'two' | 'limits';

/** Whose refusal a stage's is; what is refused by the others was let through by the gates before. */
export const gateOf: Readonly<Record<Stage, Gate | undefined>> = {
  token: 'token',
  authenticate: 'authenticate',
  user: 'one',
  limit: 'limits',
  parse: undefined,
  table: 'one',
  link: 'two',
  data: 'two',
  run: undefined,
};

/** Stages that a request of the Web API reaches behind the first gate. */
const behindOne: ReadonlySet<Stage | undefined> = new Set(['link', 'data', 'run', undefined]);
const behindTwo: ReadonlySet<Stage | undefined> = new Set(['limit', 'run', undefined]);

/** Did gate one let a request of the Web API through? What could not be read never came so far. */
export const passedOne = ({ surface, outcome, stage }: AuditEntry): boolean =>
  surface === 'web-api' && outcome !== 'faulted' && behindOne.has(stage);

/** Did gate two let it through? Only who has become a Human Resources user can be. */
export const passedTwo = ({ hrUserId, outcome, stage }: AuditEntry): boolean =>
  hrUserId !== undefined && outcome !== 'faulted' && behindTwo.has(stage);
