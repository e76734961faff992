import { messageOf } from '../kernel/message-of.ts';
import type { KeyRing, RotationMode } from '../token/key-ring.ts';
import type { AdminCall, AdminRoute } from './call.ts';
import { oneOf, optional, parseBody } from './members.ts';
import { AdminRefusal } from './problems.ts';

/** What this surface needs of the signing keys. */
export type KeyAdministration = Pick<KeyRing, 'state' | 'nextSignsFrom' | 'rotationDue' | 'rotate'>;

const modes = ['safe', 'now', 'emergency'] as const satisfies readonly RotationMode[];

const rotation = {
  mode: optional(
    oneOf(modes),
    'safe (default): as soon as the next key has been published for long enough. now: at once; verifiers that keep the key set must load it anew. emergency: at once, with two new keys; every token issued so far is refused.',
  ),
};

/** Operations on the signing keys. Nothing private is shown. */
export const keyRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'keys',
    operationId: 'getKeys',
    summary: 'The signing keys, by their ids, and their times',
    access: 'read',
    success: { status: 200, schema: 'Keys' },
    run: async (call) => ({ status: 200, body: show(call) }),
  },
  {
    method: 'POST',
    path: 'keys/rotate',
    operationId: 'rotateKeys',
    summary: 'Has the next key sign',
    access: 'readWrite',
    members: rotation,
    success: { status: 200, schema: 'Rotation' },
    async run(call) {
      const { mode = 'safe' } = parseBody(call.request, rotation);
      const { kind } = await call.keys.rotate(mode).catch((error: unknown) => {
        const reason = messageOf(error);
        throw new AdminRefusal('keysNotSaved', [], { reason });
      });
      return { status: 200, body: { isRotated: kind === 'rotated', ...show(call) } };
    },
  },
];

function show({ keys }: AdminCall) {
  const { current, next, retired, isRotationAsked } = keys.state;
  return {
    current: { kid: current.key.kid, since: current.since },
    next: { kid: next.key.kid, publishedAt: next.publishedAt, signsFrom: keys.nextSignsFrom },
    retired: retired.map(({ key, until }) => ({ kid: key.kid, acceptedUntil: until })),
    isRotationAsked,
    rotationDue: keys.rotationDue ?? null,
  };
}
