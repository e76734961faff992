import { type Problem, Refusal } from '../kernel/refusal.ts';
import { type Place, PlacedRefusal } from './problems.ts';

/** `strict` refuses what the real product refuses on virtual tables, `extended` gives it and says so (docs/differs.md). */
export type Fidelity = 'strict' | 'extended';

const unsupportedQuery: Problem = {
  status: 400,
  code: '0x80044822',
  message: 'The query specified is not supported for virtual entity.',
};
const noConcurrency: Problem = {
  status: 400,
  code: '0x8006088d',
  message:
    "Optimistic concurrency isn't enabled for this entity type. The IfVersionMatches value of ConcurrencyBehavior can only be used if optimistic concurrency is enabled.",
};

const nestedPipeline: Problem = {
  status: 400,
  code: '0x80040265',
  message: 'Custom plugin execution is not allowed in nested pipeline for Virtual Entity.',
};

/** What Portvakt gives on virtual tables beyond the real product, and what `strict` answers instead. */
export const fidelityRules = {
  'virtual-etag': {
    gives: 'rows of virtual tables carry an ETag',
    /** Leaving the annotation out is what the real product does; nothing to refuse. */
    strict: undefined,
  },
  'virtual-precondition': {
    gives: '`If-Match` and `If-None-Match` with a version are honoured on virtual tables',
    strict: noConcurrency,
  },
  'virtual-lookup-filter': {
    gives: '`$filter` and `$orderby` on and through lookups and related rows of virtual tables',
    strict: unsupportedQuery,
  },
  'in-operator': {
    gives: 'the operator `in` of OData 4.01 in `$filter`, on all tables',
    strict: { status: 501, code: '0x80060888', message: 'The method or operation is not implemented.' },
  },
  'expand-combination': {
    gives: '`$expand` of a many-to-many relationship beside or inside other expands',
    strict: {
      status: 501,
      code: '0x80060888',
      message: '$expand on a many-to-many relationship cannot be combined with other expands.',
    },
  },
  'virtual-upsert': {
    gives: 'PATCH with an unknown id creates the row under that id on virtual tables',
    strict: unsupportedQuery,
  },
  'virtual-key': {
    gives: 'a business key of a virtual table that is one text column is listed in `Keys` and may name a row in a URL',
    strict: {
      status: 400,
      code: '0x80060890',
      message: 'The specified key attributes are not a defined key for the entity',
    },
  },
  'virtual-deep-insert': {
    gives:
      'rows nested in the body of a new row of a virtual table are made with it (deep insert), and rows posted to a collection',
    strict: nestedPipeline,
  },
  'virtual-change-set': {
    gives: 'several writes of a change set on virtual tables are kept as a whole or not at all',
    strict: nestedPipeline,
  },
  'json-batch': {
    gives: 'a batch may be JSON (OData 4.01)',
    strict: {
      status: 415,
      code: '0x80060888',
      message: 'a batch must have the content type multipart/mixed',
    },
  },
  'json-metadata': {
    gives: '`$metadata` may be JSON (OData CSDL JSON 4.01)',
    strict: {
      status: 415,
      code: '0x80060888',
      message: 'A supported MIME type could not be found that matches the acceptable MIME types for the request.',
    },
  },
  'candidate-request-lookup': {
    gives:
      "a candidate's recruiting request may be set, changed and cleared through its lookup, and the readable id follows",
    strict: nestedPipeline,
  },
  'entity-action': {
    gives: 'actions on recruiting requests, their positions and candidates: submit, approve, activate, hire and so on',
    strict: { status: 404, code: '0x8006088a', message: 'Resource not found for the segment of the action.' },
  },
  'virtual-aggregate': {
    gives: '`$apply`, and groups, aggregates and distinct rows in FetchXML, on virtual tables',
    strict: unsupportedQuery,
  },
  'virtual-link': {
    gives: '`link-entity` in FetchXML on a virtual table',
    strict: unsupportedQuery,
  },
  'unset-text': {
    gives: 'a text column of a virtual table that was never set is `null`; the real product answers an empty text',
    strict: undefined,
  },
} as const satisfies Record<string, { gives: string; strict: Problem | undefined }>;

export type FidelityRule = keyof typeof fidelityRules;

const allRules = Object.keys(fidelityRules) as FidelityRule[];
const bits = Object.fromEntries(allRules.map((rule, at) => [rule, 1 << at])) as Record<FidelityRule, number>;
/** `Portvakt-Differs` by the bits of what was used. */
const headers = new Map<number, string>();

/** Collects which rules an answer used (header `Portvakt-Differs`), or refuses them under `strict`. One per request. */
export class Differences {
  readonly fidelity: Fidelity;
  /** Bits of the rules: one of these is made for each request. */
  #used = 0;

  constructor(fidelity: Fidelity) {
    this.fidelity = fidelity;
  }

  /** Says that `rule` is about to be used, and where in the URL it is asked for. Throws a `Refusal` under `strict` where the real product refuses. */
  use(rule: FidelityRule, place?: Place): void {
    const problem = fidelityRules[rule].strict;
    if (this.fidelity === 'strict' && problem !== undefined) {
      const reason = `strict fidelity: ${fidelityRules[rule].gives}`;
      throw place === undefined ? new Refusal('parse', problem, reason) : new PlacedRefusal(problem, place, reason);
    }
    this.#used |= bits[rule];
  }

  /** Which rules were used, in no particular order. */
  get rules(): readonly FidelityRule[] {
    return allRules.filter((rule) => (this.#used & bits[rule]) !== 0);
  }

  /** Value of `Portvakt-Differs`, or `undefined` when the answer is the real product's. */
  get header(): string | undefined {
    if (this.#used === 0) return undefined;
    const known = headers.get(this.#used);
    if (known !== undefined) return known;
    const header = [...this.rules].sort().join(', ');
    headers.set(this.#used, header);
    return header;
  }
}
