import { usageError } from '../cli-error.ts';
import type { CommandSpec } from '../command.ts';
import type { Session, SurfaceName } from '../session.ts';

const surfaces: readonly SurfaceName[] = ['environment', 'data', 'graph'];

/** An access token, for other programs. */
export const tokenCommand: CommandSpec = {
  usage: 'token',
  summary: 'Gets an access token and writes it',
  options: [
    ['--for <surface>', `${surfaces.join(', ')}, or a scope (default: environment)`],
    ['--claims', 'Writes what the token says instead'],
  ],
  examples: ['portvakt token', 'portvakt token --as admin --for graph', 'portvakt token --claims'],
  caller: 'ats',
  async run({ session, output, isSet, option, io }) {
    const token = await session.token(scopeOf(session, option('for') ?? 'environment'));
    if (isSet('claims')) output.json(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()));
    else if (isSet('json')) output.json({ access_token: token });
    else io.out(`${token}\n`);
  },
};

function scopeOf(session: Session, wanted: string): string {
  const surface = surfaces.find((each) => each === wanted);
  if (surface !== undefined) return session.scopeOf(surface);
  if (wanted.endsWith('/.default')) return wanted;
  throw usageError(`--for ${wanted} is neither ${surfaces.join(', ')} nor a scope`, 'a scope ends in /.default');
}
