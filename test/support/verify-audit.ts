import type { Answer } from './client.ts';
import { bodyOf } from './odata.ts';

interface Verified {
  readonly findings: readonly unknown[];
  readonly unchained: number;
}

/** A whole check of the audit log over `/portvakt/v1`, step by step. `get` asks an address as an administrator. */
export async function verifyAudit(get: (path: string) => Promise<Answer>, seal: string): Promise<Verified> {
  const findings: unknown[] = [];
  let unchained = 0;
  for (let next: unknown = ''; next !== null; ) {
    const cursor = next === '' ? '' : `&cursor=${String(next)}`;
    const step = bodyOf(await get(`/portvakt/v1/audit/verify?seal=${seal}${cursor}`));
    findings.push(...(step['findings'] as unknown[]));
    unchained += Number(step['unchained']);
    next = step['next'];
  }
  return { findings, unchained };
}
