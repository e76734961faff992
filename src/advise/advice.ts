import type { Evidence, FixOperation } from '../explain/condition.ts';
import type { ConditionId, RequestShape } from '../kernel/cause.ts';
import type { Localized } from '../kernel/language.ts';

/** Requests that asked the gates for the same. */
export interface AdvisedUse {
  readonly shapes: readonly RequestShape[];
  readonly count: number;
  /** Moments of the first and the last one; absent of requests that were sent along. */
  readonly since?: string;
  readonly until?: string;
  /** One of them, for `portvakt explain`. */
  readonly requestId?: string;
}

/** Why a right cannot be left out: this use is refused without it. */
export interface Proof {
  readonly use: AdvisedUse;
  readonly condition: ConditionId;
}

export interface AdvisedPrivilege {
  readonly name: string;
  /** `Basic`, `Local`, `Deep`, `Global`. */
  readonly depth: string;
  /** `as held`: which rows were meant could not be told, so it is as deep as today. */
  readonly depthIs: 'least' | 'as held';
  readonly proof: Proof;
}

export interface HeldPrivilege {
  readonly name: string;
  readonly depth: string;
  /** Security roles that give it. */
  readonly roles: readonly string[];
  /** When a request last needed it; absent: not since `period.since`. */
  readonly lastUsed?: string;
  /** Depth in the advised role; absent: it is left out. */
  readonly advisedDepth?: string;
}

export interface AdvisedHrPrivilege {
  readonly privilege: string;
  /** A duty that brings it, and nothing that is not needed. */
  readonly duty?: string;
  readonly proof: Proof;
}

export interface HeldHrPrivilege {
  readonly privilege: string;
  readonly roles: readonly string[];
  readonly duties: readonly string[];
  readonly isNeeded: boolean;
}

export interface Uncovered {
  readonly use: AdvisedUse;
  readonly condition: ConditionId;
  readonly evidence: Evidence;
}

/** The least that an application needs for what it does, and what it has: `GET` and `POST /portvakt/v1/advise`. */
export interface Advice {
  readonly application: { readonly clientId: string; readonly name: string };
  readonly period: {
    /** Moments; absent where the requests were sent along. */
    readonly since?: string;
    readonly until?: string;
    readonly requests: number;
    /** How many of them asked for something of their own. */
    readonly uses: number;
    /** Requests that were sent along, and are none of the Web API. */
    readonly notUnderstood: number;
    /** There are more than were looked at: those before `since` count for nothing. */
    readonly isCutOff: boolean;
  };
  readonly securityRole: {
    readonly privileges: readonly AdvisedPrivilege[];
    /** Roles of the product's own that stay assigned beside it. */
    readonly keeps: readonly string[];
  };
  /** Absent where no virtual table was used, or where nobody is linked. */
  readonly humanResources?: {
    readonly user: string;
    readonly duties: readonly string[];
    readonly privileges: readonly AdvisedHrPrivilege[];
    /** Those in which today's roles hold; which of them are used is not told. */
    readonly legalEntities: readonly string[] | 'all';
  };
  readonly today: {
    readonly securityRoles: readonly string[];
    /** Absent for a System Administrator, who has all that there are. */
    readonly privileges?: readonly HeldPrivilege[];
    readonly hrRoles: readonly string[];
    readonly hrPrivileges: readonly HeldHrPrivilege[];
  };
  /** Uses that the advised roles do not allow, such as those that today's roles do not allow either. */
  readonly uncovered: readonly Uncovered[];
  readonly warnings: readonly Localized[];
  /** Makes the roles; changes nobody's rights. */
  readonly makeRoles: readonly FixOperation[];
  /** Gives them to the application's users, and takes their other roles away. */
  readonly switchRoles: readonly FixOperation[];
}
