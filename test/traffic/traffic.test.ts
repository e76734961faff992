import { expect, test } from 'vitest';
import type { AuditEntry } from '../../src/kernel/audit.ts';
import { type EnvironmentId, getGuid } from '../../src/kernel/ids.ts';
import { silentProbe } from '../../src/kernel/probe.ts';
import { Traffic, trafficLimits } from '../../src/traffic/traffic.ts';

const home = getGuid<EnvironmentId>('11111111-1111-4111-8111-111111111111');
const other = getGuid<EnvironmentId>('22222222-2222-4222-8222-222222222222');

/** A reader that takes what it is given, or nothing at all. */
function someReader() {
  const state = { waiting: 0, takes: true, ended: false, texts: [] as string[] };
  const sink = {
    get waiting() {
      return state.waiting;
    },
    write: (text: string) => {
      state.texts.push(text);
      if (!state.takes) state.waiting += text.length;
    },
    end: () => {
      state.ended = true;
    },
  };
  const events = (name: string) =>
    state.texts
      .filter((text) => text.startsWith(`event: ${name}\n`))
      .map((text) => JSON.parse(text.slice(text.indexOf('data: ') + 6)) as Record<string, unknown>);
  return { state, sink, events };
}

const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ kind: 'read', outcome: 'allowed', surface: 'web-api', requestId: 'an-id', status: 200, method: 'GET' },
  ...{ table: 'mshr_hcmworkerentity', remoteAddress: '::1', targetId: 'a-row', environmentId: home },
  ...more,
});

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function someTraffic(ratesEvery = 10_000, readFor?: number) {
  const traffic = new Traffic({ workers: 1, ratesEvery, ...(readFor !== undefined && { readFor }) });
  return { traffic, probe: traffic.probe(silentProbe) };
}

test('requests come by names and ids, without the row; refusals with gate, stage, condition and code', () => {
  const { traffic, probe } = someTraffic();
  const { sink, events } = someReader();
  traffic.read(sink, undefined);
  probe.answered(entry(), performance.now());
  const cause = { condition: 'roles' as const };
  probe.answered(
    entry({ outcome: 'denied', status: 403, stage: 'table', code: '0x80042f09', cause }),
    performance.now(),
  );
  probe.answered({ ...entry(), remoteAddress: undefined } as unknown as AuditEntry, 0);
  probe.answered(entry({ message: 'watchTraffic' }), 0);
  const [allowed, refused, ...more] = events('request');
  expect(allowed).toEqual({
    ...{ time: expect.any(String), surface: 'web-api', method: 'GET', outcome: 'allowed', status: 200 },
    ...{ ms: expect.any(Number), requestId: 'an-id', table: 'mshr_hcmworkerentity' },
  });
  expect(refused).toMatchObject({ stage: 'table', gate: 1, condition: 'roles', code: '0x80042f09' });
  expect(more).toEqual([]);
});

test('who administers one environment is told of that one alone', () => {
  const { traffic, probe } = someTraffic();
  const { sink, events } = someReader();
  traffic.read(sink, other);
  probe.answered(entry(), 0);
  probe.answered(entry({ environmentId: other, requestId: 'theirs' }), 0);
  const { environmentId: _, ...ofNone } = entry({ surface: 'token' });
  probe.answered(ofNone, 0);
  expect(events('request').map(({ requestId }) => requestId)).toEqual(['theirs']);
});

test('rates count all; what is too much to show, and what a slow reader does not take, is told as lost', async () => {
  const { traffic, probe } = someTraffic(30);
  const { state, sink, events } = someReader();
  traffic.read(sink, undefined);
  for (let at = 0; at < trafficLimits.shown + 50; at++) probe.answered(entry({ outcome: 'failed' }), performance.now());
  await later(45);
  expect(events('request')).toHaveLength(trafficLimits.shown);
  expect(events('lost')).toEqual([{ count: 50 }]);
  expect(events('rates')[0]).toMatchObject({ requests: 250, refused: 250, faulted: 0, bySurface: { 'web-api': 250 } });
  state.takes = false;
  for (let round = 0; round < 40; round++) {
    for (let at = 0; at < trafficLimits.shown; at++) probe.answered(entry(), performance.now());
    await later(8);
  }
  expect(state.waiting).toBeLessThan(trafficLimits.behind + 1000);
  state.takes = true;
  state.waiting = 0;
  await later(45);
  expect(Number(events('lost').at(-1)?.['count'])).toBeGreaterThan(100);
});

test('twenty may look; a reader ends after its time, when it goes and when the server stops, and then nothing is told', async () => {
  const { traffic, probe } = someTraffic(10_000, 20);
  const readers = Array.from({ length: trafficLimits.readers }, someReader);
  const stops = readers.map(({ sink }) => traffic.read(sink, undefined));
  expect(traffic.isFull).toBe(true);
  stops[0]?.();
  expect(traffic.isFull).toBe(false);
  await later(40);
  expect(traffic.readers).toBe(0);
  expect(readers.every(({ state }) => state.ended)).toBe(true);
  probe.answered(entry(), 0);
  expect(readers.flatMap(({ events }) => events('request'))).toEqual([]);
  const last = someReader();
  traffic.read(last.sink, undefined);
  traffic.close();
  expect(last.state.ended).toBe(true);
});
