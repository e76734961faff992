import type { StoredEntry } from '../audit/read-audit.ts';
import type { AuditSurface } from '../kernel/audit.ts';
import type { ConditionId, RefusalCause } from '../kernel/cause.ts';
import { type ClientId, parseGuid } from '../kernel/ids.ts';
import { isIssuerCredential } from '../token/caller.ts';
import { type ChainName, chains } from './chains.ts';
import type { ConditionVerdict } from './condition.ts';
import { shapesOfEntry } from './entry-shapes.ts';
import type { EnvironmentView, Subject } from './environment-view.ts';
import { evaluateChain } from './evaluate.ts';
import type { ExplainedCondition, Explanation } from './explanation.ts';

const chainOf: Readonly<Record<AuditSurface, ChainName>> = {
  token: 'token',
  graph: 'directory',
  portvakt: 'directory',
  server: 'directory',
  finops: 'administration',
  'web-api': 'request',
};

/** Explains a request by its entry in the audit log, and by the environment as it is now. */
export async function explainEntry(view: EnvironmentView, entry: StoredEntry): Promise<Explanation> {
  const { shapes: _shapes, cause, ...request } = entry;
  const chain = chainOf[entry.surface];
  const targetId = entry.targetId === undefined ? undefined : parseGuid(entry.targetId);
  const evaluation = await evaluateChain(view, {
    subject: subjectOf(entry),
    shapes: shapesOfEntry(entry),
    chain,
    ...(targetId !== undefined && chain === 'request' && { targetId }),
    ...(cause !== undefined && { refusedFor: cause }),
  });
  const { conditions, isRefused: _isRefused, ...rest } = evaluation;
  return {
    request,
    chain,
    ...rest,
    ...(cause !== undefined && { decidedThen: cause }),
    hasChanged: cause !== undefined && cause.condition !== evaluation.firstFailed,
    conditions: conditions.map((verdict) => ({ ...verdict, ...thenOf(chain, verdict, cause) })),
  };
}

/** An entry that was refused knows its own client; one without a verified token may have it from the token's claims. */
function subjectOf({
  clientId,
  tenantId,
  objectId,
  actorId,
  userId,
  cause,
  surface,
  credential,
}: StoredEntry): Subject {
  const known = clientId ?? parseGuid<ClientId>(cause?.data?.['clientId'] ?? '');
  return {
    ...(known !== undefined && { clientId: known }),
    ...(tenantId !== undefined && surface !== 'web-api' && { tenantId }),
    ...(objectId !== undefined && { objectId }),
    ...(isIssuerCredential(credential) && { isOutside: true }),
    ...(actorId !== undefined && userId !== undefined && actorId !== userId && { asUserId: userId }),
  };
}

/** Conditions before the one that was not met had been met; those after it were not asked. */
function thenOf(
  chain: ChainName,
  { id }: ConditionVerdict,
  cause: RefusalCause | undefined,
): Pick<ExplainedCondition, 'decidedThen'> {
  const order: readonly ConditionId[] = chains[chain];
  const at = cause === undefined ? -1 : order.indexOf(cause.condition);
  if (at < 0) return {};
  const place = order.indexOf(id);
  return { decidedThen: place < at ? 'passed' : place === at ? 'failed' : 'not reached' };
}
