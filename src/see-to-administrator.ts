import { rm, writeFile } from 'node:fs/promises';
import { tenantsWithAdministrator } from './directory/installation-roles.ts';
import { createAdministrator } from './environment/first-environment.ts';
import { adminEnv } from './first-fill.ts';

import { newRequestId, type TenantId } from './kernel/ids.ts';
import { StartError, systemCode } from './start-error.ts';
import type { Opened, Parts } from './surfaces.ts';

/**
 * Somebody must be able to administer the installation. Data of the version before has nobody with that application
 * permission, and secrets are lost: whoever may set the server's variables may have one more administrator made.
 * @throws StartError
 */
export async function seeToAdministrator(parts: Parts, opened: Opened): Promise<void> {
  const { tenantId } = opened.environments.first.record;
  const { newAdministrator } = parts.config;
  if (newAdministrator !== undefined) await makeAdministrator(parts, opened, tenantId, newAdministrator);
  if (!tenantsWithAdministrator(opened.directory.current).has(tenantId)) {
    parts.log.warn('nobody may administer the installation: see PORTVAKT_NEW_ADMINISTRATOR in docs/settings.md');
  }
}

/** The file is made first: a setting that is left standing makes no second administrator, but stops the next start. */
async function makeAdministrator(parts: Parts, { directory }: Opened, tenantId: TenantId, file: string): Promise<void> {
  await writeFile(file, '', { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    throw cannot(
      file,
      systemCode(error) === 'EEXIST' ? 'it is there already; the setting is for one start' : systemCode(error),
    );
  });
  try {
    const administrator = await createAdministrator(directory, tenantId);
    const { clientId } = administrator;
    await parts.audit.write({
      kind: 'change',
      outcome: 'allowed',
      surface: 'server',
      message: 'makeAdministrator',
      requestId: newRequestId(),
      tenantId,
      targetId: clientId,
    });
    await writeFile(file, adminEnv(parts, administrator), { mode: 0o600 });
    parts.log.warn('one more administrator was made', { clientId, file });
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

const cannot = (file: string, why: string): StartError =>
  new StartError(`PORTVAKT_NEW_ADMINISTRATOR=${file} cannot be used: ${why}`);
