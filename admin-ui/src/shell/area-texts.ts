import type { MessageKey } from '../i18n/en.ts';
import type { Area } from '../screens/screen.ts';

export const areaTexts: Readonly<Record<Area, MessageKey>> = {
  home: 'area.home',
  powerPlatform: 'area.powerPlatform',
  humanResources: 'area.humanResources',
  connect: 'area.connect',
  explain: 'area.explain',
  traffic: 'area.traffic',
  recruiting: 'area.recruiting',
  data: 'area.data',
  settings: 'area.settings',
};
