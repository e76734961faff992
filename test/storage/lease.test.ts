import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/storage/open.ts';
import { engines } from '../support/database.ts';
import { testSchema } from '../support/postgres-schema.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 8, minute)).toISOString();

/** As the dispatcher asks at a minute: for one minute, with clocks that differ by five at most. */
const asked = (minute: number) => ({ expired: at(minute), until: at(minute + 1), beyond: at(minute + 6) });

test.each(engines)(
  'on %s the right to deliver goes to another process when it has run out, or was taken ahead of a clock that was set back',
  async (engine) => {
    const folder = mkdtempSync(join(tmpdir(), 'portvakt-lease-'));
    const schema = engine === 'postgres' ? testSchema() : undefined;
    const location =
      schema === undefined
        ? ({ kind: 'sqlite', file: join(folder, 'environment.db') } as const)
        : ({ kind: 'postgres', url: schema.url, schema: schema.schema, connections: 2 } as const);
    const { events, close } = await openDatabase({ tables: [], alphabet: 'nb', location }).then((database) => ({
      events: database.events,
      close: () => database.close(),
    }));
    onTestFinished(async () => {
      await close();
      await schema?.drop();
      rmSync(folder, { recursive: true });
    });
    expect(await events.lease('one', asked(0))).toBe(true);
    expect(await events.lease('two', asked(0))).toBe(false);
    expect(await events.lease('two', asked(2))).toBe(true);
    // A clock that is three minutes behind is none that was set back.
    expect(await events.lease('one', asked(-1))).toBe(false);
    expect(await events.lease('one', asked(-30))).toBe(true);
  },
);
