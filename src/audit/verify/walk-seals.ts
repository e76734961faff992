import type { AuditChain, AuditSeal } from '../audit-store.ts';
import { sealHash } from '../chain.ts';
import { type Finding, ofSeals } from './finding.ts';

/** How far the check of the common chain has come: the last seal that was looked at. */
export interface SealPlace {
  readonly number: number;
  readonly hash: string;
}

export const beforeSeals: SealPlace = { number: 0, hash: '' };

export interface SealStep {
  readonly findings: readonly Finding[];
  readonly seals: number;
  /** `undefined`: these were the last ones. */
  readonly next: SealPlace | undefined;
}

const sealsAtOnce = 1000;

export async function walkSeals(chain: AuditChain, at: SealPlace): Promise<SealStep> {
  const seals = await chain.readSeals({ after: at.number, limit: sealsAtOnce });
  const findings: Finding[] = [];
  let before = at;
  for (const seal of seals) {
    findings.push(...judgeSeal(seal, before));
    before = seal;
  }
  if (before.number === 0) findings.push(ofSeals('removed', 1, 1, 'the chain has no beginning'));
  return { findings, seals: seals.length, next: seals.length < sealsAtOnce ? undefined : before };
}

function judgeSeal(seal: AuditSeal, before: SealPlace): readonly Finding[] {
  const { number, prev, hash } = seal;
  if (number > before.number + 1) {
    return [ofSeals('removed', before.number + 1, number - 1, 'removed'), ...judgeSelf(seal)];
  }
  const own = judgeSelf(seal);
  if (own.length > 0 || prev === before.hash) return own;
  return [ofSeals('rewritten', before.number, before.number, `rewritten: seal ${number} (${hash}) does not follow it`)];
}

/** Does a seal fit its own hash? */
const judgeSelf = (seal: AuditSeal): readonly Finding[] =>
  sealHash(seal) === seal.hash ? [] : [ofSeals('altered', seal.number, seal.number, 'altered')];
