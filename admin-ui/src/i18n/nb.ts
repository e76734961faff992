import type { MessageKey } from './en.ts';
import type { Message } from './message.ts';
import { audit } from './nb/audit.ts';
import { common } from './nb/common.ts';
import { connect } from './nb/connect.ts';
import { data } from './nb/data.ts';
import { explain } from './nb/explain.ts';
import { hrSecurity } from './nb/hr-security.ts';
import { humanResources } from './nb/human-resources.ts';
import { organization } from './nb/organization.ts';
import { powerPlatform } from './nb/power-platform.ts';
import { recruiting } from './nb/recruiting.ts';
import { securityRoles } from './nb/security-roles.ts';
import { session } from './nb/session.ts';
import { settings } from './nb/settings.ts';
import { traffic } from './nb/traffic.ts';

/** Every text in Norwegian Bokmål, with the words of Microsoft's own Norwegian documentation. */
export const norwegian: Readonly<Record<MessageKey, Message>> = {
  ...common,
  ...audit,
  ...traffic,
  ...session,
  ...settings,
  ...powerPlatform,
  ...organization,
  ...humanResources,
  ...hrSecurity,
  ...connect,
  ...explain,
  ...recruiting,
  ...data,
  ...securityRoles,
};
