import type { OperatorRole } from '../../../src/admin/contract.ts';
import type { MessageKey } from '../i18n/en.ts';

/** What an operator's role is called. */
export const roleTexts: Readonly<Record<OperatorRole, MessageKey>> = {
  full: 'app.role.full',
  readOnly: 'app.role.readOnly',
  recruiting: 'app.role.recruiting',
};
