import { newRequestId } from './kernel/ids.ts';
import type { Opened, Parts } from './surfaces.ts';

/**
 * Somebody must be able to sign in to the web app: while nobody can, each start writes a one-time link to the log, and so
 * does `PORTVAKT_OPERATOR_LINK` for an operator who has lost the password. Whoever may read the log is trusted with it.
 */
export async function seeToOperator(parts: Parts, { signIn }: Opened): Promise<void> {
  const { config, log, url } = parts;
  if (config.authority === 'off') return;
  const { operators } = signIn;
  const linkOf = (token: string): string => `${url}/app/setup#token=${token}`;
  if (config.operatorLink !== undefined) {
    const name = config.operatorLink;
    const known = await operators.findByName(name);
    const operator = known ?? (await operators.create({ name, role: 'full', language: undefined }));
    await operators.change(operator.id, { role: 'full', isEnabled: true });
    const { token } = await operators.createLink('reset', operator);
    await noteLink(parts, operator.id);
    log.warn('a one-time link for an operator of the web app: unset PORTVAKT_OPERATOR_LINK before the next start', {
      link: linkOf(token),
    });
  } else if (!(await operators.isSetUp())) {
    const { token } = await operators.createLink('first');
    log.warn('the web app has no operator yet: open this one-time link to become the first one', {
      link: linkOf(token),
    });
  }
}

const noteLink = ({ audit }: Parts, targetId: string): Promise<void> =>
  audit.write({
    kind: 'change',
    outcome: 'allowed',
    surface: 'server',
    message: 'makeOperatorLink',
    table: 'operators',
    targetId,
    requestId: newRequestId(),
  });
