import { BadCursor } from '../audit/read-audit.ts';
import type { AdminCall, AdminRoute } from './call.ts';
import { AdminRefusal } from './problems.ts';

const sealPattern = /^[0-9a-f]{64}$/;

/** Operations on the chain of the audit log. They tell of the whole installation. */
export const auditChainRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'audit/verify',
    operationId: 'verifyAudit',
    summary: 'Checks a part of the audit log; go on with `next` until it is null',
    access: 'read',
    options: {
      cursor: 'The `next` of the step before. Repeat the other option.',
      seal: 'A hash of a seal that was kept elsewhere: the chain must have it.',
    },
    success: { status: 200, schema: 'AuditCheck' },
    async run(call) {
      const { cursor, ...step } = await verify(call);
      return { status: 200, body: { ...step, next: cursor ?? null } };
    },
  },
  {
    method: 'GET',
    path: 'audit/seal',
    operationId: 'getAuditSeal',
    summary: 'The newest seal of the audit log',
    access: 'read',
    success: { status: 200, schema: 'AuditSeal' },
    run: async ({ auditKeeper }) => ({ status: 200, body: await auditKeeper.newestSeal() }),
  },
  {
    method: 'POST',
    path: 'audit/seal',
    operationId: 'sealAudit',
    summary: 'Seals what this process has written to the audit log so far; gives the newest seal',
    access: 'readWrite',
    success: { status: 200, schema: 'AuditSeal' },
    run: async ({ auditKeeper }) => ({ status: 200, body: await auditKeeper.seal() }),
  },
];

async function verify({ query, auditKeeper }: AdminCall) {
  const [cursor, seal] = [query.get('cursor'), query.get('seal')];
  if (seal !== null && !sealPattern.test(seal)) {
    throw new AdminRefusal('optionInvalid', ['seal', 'a hash of a seal: 64 hexadecimal digits, small letters']);
  }
  try {
    return await auditKeeper.verify({ ...(cursor !== null && { cursor }), ...(seal !== null && { seal }) });
  } catch (error) {
    if (error instanceof BadCursor) throw new AdminRefusal('optionInvalid', ['cursor', 'the `next` of a step']);
    throw error;
  }
}
