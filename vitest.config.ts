import { defineConfig } from 'vitest/config';
import { patience } from './test/support/way.ts';

/** They put something else in the place of a module, which no other file may meet, or measure times. */
const alone = [
  'test/webapi/planted-leak.test.ts',
  'test/token/file-key-store.test.ts',
  'test/token/timing.test.ts',
  'test/odata/parse-time.test.ts',
];

const shared = {
  testTimeout: patience * 30_000,
  hookTimeout: patience * 120_000,
  // What is polled for is an event of another process: how soon it comes is up to the machine.
  expect: { poll: { timeout: 15_000 } },
  pool: 'forks',
  // On a shared machine a child process now and then does not come up within its time. Twice in a row is a fault.
  retry: process.env['CI'] === undefined ? 0 : 1,
} as const;

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 2,
    projects: [
      // No module has a state that tests could see, so files of one process share them: loading takes a minute less.
      { test: { ...shared, name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
      { test: { ...shared, name: 'alone', include: alone } },
    ],
  },
});
