import { afterAll, beforeAll, expect, test } from 'vitest';
import { sizes } from '../prove/sizes.ts';
import { type OpenApp, openApp } from './support/app.ts';
import { lookAtScreens } from './support/look-at-screens.ts';
import { screenPaths } from './support/screens.ts';

let app: OpenApp;
beforeAll(async () => {
  app = await openApp();
});
afterAll(() => app?.close());

test('the lists of screens were read', () => expect(screenPaths.length).toBeGreaterThan(1));

test.each(sizes.looks.test)(
  'every screen is whole and without barriers: $language, $theme, $width px',
  async (look) => {
    expect(await lookAtScreens(app, look)).toEqual([]);
  },
  120_000,
);
