import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KeyRing } from '../../src/token/key-ring.ts';
import { type KeySet, type KeyTimes, publishedKeys } from '../../src/token/key-set.ts';
import type { SigningKey } from '../../src/token/signing-key.ts';
import { RecordingAudit } from '../support/recording-audit.ts';
import { makeKey } from './world.ts';

const start = new Date('2026-03-01T12:00:00.000Z');
const day = 86_400;
const times: KeyTimes = { lifetime: 3599, rotation: 30 * day, publication: day };
const keys: SigningKey[] = [];
beforeAll(() => {
  for (let count = 0; count < 12; count++) keys.push(makeKey());
});

/** A disk that can fail, a clock, and keys A, B, C… in the order in which they are made. */
class Place {
  saved: KeySet | undefined;
  fails = false;
  now = start;
  made = 0;
  readonly audit = new RecordingAudit();

  open(changed: Partial<KeyTimes> = {}): Promise<KeyRing> {
    return KeyRing.open({
      store: {
        load: async () => this.saved,
        version: async () => '',
        save: async (set) => {
          if (this.fails) throw new Error('the disk is full');
          this.saved = set;
        },
      },
      times: { ...times, ...changed },
      clock: () => this.now,
      audit: this.audit,
      makeKey: async () => keys[this.made++] ?? makeKey(),
    });
  }

  pass(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
  }
}

const letters = (all: readonly { readonly kid: string }[]): string =>
  all.map(({ kid }) => 'ABCDEFGHIJKL'[keys.findIndex((key) => key.kid === kid)]).join('');
const shown = (ring: KeyRing): string => letters(ring.published);

let place: Place;
beforeEach(() => {
  place = new Place();
});

describe('the keys in force', () => {
  test('are two at first: one signs, the next is published, and both are on disk', async () => {
    const ring = await place.open();
    expect(shown(ring)).toBe('AB');
    expect(letters([ring.current])).toBe('A');
    expect(letters(publishedKeys(place.saved as KeySet))).toBe('AB');
    expect(ring.keptFor).toBe(day);
    await ring.close();
  });

  test('are the same after a restart', async () => {
    await (await place.open()).close();
    const ring = await place.open();
    expect(shown(ring)).toBe('AB');
    await ring.close();
  });

  test('are found by the header of a token', async () => {
    const ring = await place.open();
    expect(ring.find(keys[1]?.header ?? '')?.kid).toBe(keys[1]?.kid);
    expect(ring.find(keys[2]?.header ?? '')).toBeUndefined();
    await ring.close();
  });
});

describe('by schedule', () => {
  test('the next key signs when the time has come, and the old one stays until its last token has expired', async () => {
    const ring = await place.open();
    place.pass(30 * day - 1);
    await ring.check();
    expect(shown(ring)).toBe('AB');
    place.pass(1);
    await ring.check();
    expect(shown(ring)).toBe('BCA');
    place.pass(3599 + 299);
    await ring.check();
    expect(shown(ring)).toBe('BCA');
    place.pass(1);
    await ring.check();
    expect(shown(ring)).toBe('BC');
    expect(letters(publishedKeys(place.saved as KeySet))).toBe('BC');
    await ring.close();
  });

  test('is made up for at a start, and at most one rotation however long the server was away', async () => {
    await (await place.open()).close();
    place.pass(400 * day);
    const ring = await place.open();
    expect(shown(ring)).toBe('BCA');
    await ring.close();
  });

  test('nothing happens when it is off', async () => {
    const ring = await place.open({ rotation: undefined });
    place.pass(4000 * day);
    await ring.check();
    expect(shown(ring)).toBe('AB');
    expect(ring.rotationDue).toBeUndefined();
    await ring.close();
  });

  test('a key never signs before it has been published for long enough', async () => {
    const ring = await place.open({ rotation: day / 2 });
    place.pass(day / 2);
    await ring.check();
    expect(shown(ring)).toBe('AB');
    place.pass(day / 2);
    await ring.check();
    expect(shown(ring)).toBe('BCA');
    await ring.close();
  });

  test('a key that signed longer tokens before the setting was changed stays for those', async () => {
    await (await place.open({ lifetime: day })).close();
    const ring = await place.open({ lifetime: 600 });
    place.pass(30 * day);
    await ring.check();
    place.pass(day + 299);
    await ring.check();
    expect(shown(ring)).toBe('BCA');
    place.pass(1);
    await ring.check();
    expect(shown(ring)).toBe('BC');
    await ring.close();
  });

  test('a key that signs longer tokens since the setting was changed stays for those', async () => {
    await (await place.open({ lifetime: 600 })).close();
    const ring = await place.open({ lifetime: day });
    expect(place.saved?.current.longestLifetime).toBe(day);
    await ring.close();
  });
});

describe('asked for by an administrator', () => {
  test('at once where the next key has been published for long enough', async () => {
    const ring = await place.open();
    place.pass(day);
    expect(await ring.rotate('safe')).toEqual({ kind: 'rotated' });
    expect(shown(ring)).toBe('BCA');
    await ring.close();
  });

  test('else it waits, also over a restart', async () => {
    const ring = await place.open({ rotation: undefined });
    place.pass(60);
    const at = new Date(start.getTime() + day * 1000);
    expect(await ring.rotate('safe')).toEqual({ kind: 'asked', at });
    expect(ring.rotationDue).toEqual(at);
    await ring.close();
    place.pass(day - 61);
    const again = await place.open({ rotation: undefined });
    expect(shown(again)).toBe('AB');
    place.pass(1);
    await again.check();
    expect(shown(again)).toBe('BCA');
    expect(again.state.isRotationAsked).toBe(false);
    await again.close();
  });

  test('now: the next key signs unprepared, tokens of the old one stay good', async () => {
    const ring = await place.open();
    expect(await ring.rotate('now')).toEqual({ kind: 'rotated' });
    expect(shown(ring)).toBe('BCA');
    await ring.close();
  });

  test('emergency: two new keys, and every old one is dropped', async () => {
    const ring = await place.open();
    await ring.rotate('now');
    let removed = 0;
    ring.onRemoved(() => {
      removed += 1;
    });
    expect(await ring.rotate('emergency')).toEqual({ kind: 'rotated' });
    expect(shown(ring)).toBe('DE');
    expect(ring.find(keys[0]?.header ?? '')).toBeUndefined();
    expect(letters(publishedKeys(place.saved as KeySet))).toBe('DE');
    expect(removed).toBe(1);
    await ring.close();
  });

  test('several at once happen one after the other', async () => {
    const ring = await place.open();
    await Promise.all([ring.rotate('now'), ring.rotate('now'), ring.rotate('now')]);
    expect(shown(ring)).toBe('DECBA');
    await ring.close();
  });

  test('each is in the audit log, with the key that signs now', async () => {
    const ring = await place.open();
    await ring.rotate('now');
    await ring.rotate('emergency');
    expect(place.audit.written).toMatchObject([
      { kind: 'keys', outcome: 'allowed', message: 'rotate', targetId: keys[1]?.kid, reason: 'asked for' },
      {
        kind: 'keys',
        message: 'emergency',
        targetId: keys[3]?.kid,
        reason: '3 keys were dropped; tokens that they signed are refused',
      },
    ]);
    await ring.close();
  });
});

describe('when the set cannot be saved', () => {
  test('the keys in force go on, and it is tried again', async () => {
    const ring = await place.open();
    place.pass(30 * day);
    place.fails = true;
    await ring.check();
    expect(shown(ring)).toBe('AB');
    await expect(ring.rotate('emergency')).rejects.toThrow('the disk is full');
    expect(shown(ring)).toBe('AB');
    place.fails = false;
    await ring.check();
    expect(ring.published).toHaveLength(3);
    expect(letters([ring.current])).toBe('B');
    await ring.close();
  });
});
