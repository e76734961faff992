import { auditScreens } from './audit/screens.ts';
import { dataScreens } from './browse/screens.ts';
import { connectScreens } from './connect/screens.ts';
import { explainScreens } from './explain/screens.ts';
import { homeScreens } from './home/screens.ts';
import { hrSecurityScreens } from './hr-security/screens.ts';
import { humanResourcesScreens } from './human-resources/screens.ts';
import { organizationScreens } from './organization/screens.ts';
import { powerPlatformScreens } from './power-platform/screens.ts';
import { recruitingScreens } from './recruiting/screens.ts';
import type { ScreenEntry } from './screen.ts';
import { securityRoleScreens } from './security-roles/screens.ts';
import { settingsScreens } from './settings/screens.ts';
import { tableScreens } from './tables/screens.ts';
import { trafficScreens } from './traffic/screens.ts';

/** Every screen of the app. */
export const screens: readonly ScreenEntry[] = [
  ...homeScreens,
  ...powerPlatformScreens,
  ...securityRoleScreens,
  ...organizationScreens,
  ...humanResourcesScreens,
  ...hrSecurityScreens,
  ...connectScreens,
  ...explainScreens,
  ...auditScreens,
  ...trafficScreens,
  ...tableScreens,
  ...recruitingScreens,
  ...dataScreens,
  ...settingsScreens,
];
