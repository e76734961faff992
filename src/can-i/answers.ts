import type { Chain } from '../explain/condition.ts';
import type { RowCount } from '../explain/explanation.ts';
import type { ConditionId, RequestShape } from '../kernel/cause.ts';
import type { Localized } from '../kernel/language.ts';

/** What would become of a request: `not found` is 404, of a row that is not there or is hidden. */
export type CanIOutcome = 'allowed' | 'refused' | 'not found';

/** `GET /portvakt/v1/can-i` */
export interface CanIAnswer extends Chain {
  readonly asked: CanIAsked;
  readonly allowed: boolean;
  readonly outcome: CanIOutcome;
  /** Of a row: is it there, and left to the caller? Absent where another source has the rows. */
  readonly found?: boolean;
  /** Conditions that only the request itself decides: its values, the count of requests, another source. */
  readonly unknown: readonly ConditionId[];
  /** How many rows there are, and how many of them each condition takes away. */
  readonly rows?: RowCount;
}

/** The question as it was understood. */
export interface CanIAsked extends RequestShape {
  readonly clientId: string;
  readonly row?: string;
  readonly asUserId?: string;
}

/** An application, what would become of its request, and what it comes by. */
export interface Somebody {
  readonly clientId: string;
  readonly name: string;
  readonly outcome: CanIOutcome;
  /** The first condition that is not met. */
  readonly condition?: ConditionId;
  /** What that condition asks for. */
  readonly conditionTitle?: Localized;
  /** Names of the security roles that give the privileges. */
  readonly securityRoles: readonly string[];
  /** The user of Human Resources that it is linked to, and the roles of that user that grant the access. */
  readonly hrUser?: string;
  readonly hrRoles: readonly string[];
}

/** `GET /portvakt/v1/who-can` */
export interface WhoCanAnswer {
  readonly asked: RequestShape;
  /** By name. */
  readonly can: readonly Somebody[];
  /** Who comes furthest along the conditions is first. */
  readonly cannot: readonly Somebody[];
}
