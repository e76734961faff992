import { audit } from './en/audit.ts';
import { common } from './en/common.ts';
import { connect } from './en/connect.ts';
import { data } from './en/data.ts';
import { explain } from './en/explain.ts';
import { hrSecurity } from './en/hr-security.ts';
import { humanResources } from './en/human-resources.ts';
import { organization } from './en/organization.ts';
import { powerPlatform } from './en/power-platform.ts';
import { recruiting } from './en/recruiting.ts';
import { securityRoles } from './en/security-roles.ts';
import { session } from './en/session.ts';
import { settings } from './en/settings.ts';
import { traffic } from './en/traffic.ts';

/** Every text in English; its keys are the keys of all languages. */
export const english = {
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
} as const;

export type MessageKey = keyof typeof english;
