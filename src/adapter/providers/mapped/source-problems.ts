import { hrProblem, notSupported, platformRejected, serviceFailed, throttled } from '../../../hr/hr-problems.ts';
import type { Language } from '../../../kernel/language.ts';
import { type Problem, Refusal } from '../../../kernel/refusal.ts';

const unmet = (problem: string, told: Problem, reason: string): Refusal =>
  new Refusal('run', told, reason).because({ condition: 'source', data: { problem } });

/** What may go wrong at another source, as the caller hears it: messages V1, V3, V4 and V7 (human-resources-security 6.1). */
export const sourceRefusal = {
  /** It cannot be reached, took too long, or failed. */
  failed: (reason: string, language: Language = 'en'): Refusal => unmet('failed', serviceFailed(language), reason),
  /** It does not let Portvakt in. */
  rejected: (reason: string, language: Language = 'en'): Refusal =>
    unmet('rejected', platformRejected(language), reason),
  throttled: (reason: string, language: Language = 'en'): Refusal => unmet('throttled', throttled(language), reason),
  /** It refused the values: in its own words. */
  refused: (message: string): Refusal =>
    new Refusal('run', hrProblem({ en: message, nb: message }, 'en'), 'refused by the source'),
  /** Something that mapped tables do not offer. */
  notBuilt: (reason: string): Refusal => new Refusal('run', notSupported, reason),
};
