import { expect, test, vi } from 'vitest';
import { Dispatcher } from '../../src/events/dispatcher.ts';
import type { DueDelivery, EventStore } from '../../src/events/event-store.ts';
import { SecretBox } from '../../src/events/secret-box.ts';
import { makeSecret } from '../../src/events/sign.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';

const box = new SecretBox(Buffer.alloc(32, 1));

/** One event for one webhook; who asks what is due waits for `answer`, and is told what was due when it asked. */
class OneDelivery {
  answer: Promise<void> = Promise.resolve();
  asked = 0;
  numbered = 0;
  isSettled = false;

  get store(): EventStore {
    const store: Partial<EventStore> = {
      isShared: true,
      onEvents: () => () => undefined,
      lease: async () => true,
      release: async () => undefined,
      number: async () => this.numbered,
      due: async () => {
        const due = this.isSettled ? [] : [delivery];
        this.asked += 1;
        await this.answer;
        return due;
      },
      settle: async () => {
        this.isSettled = true;
      },
    };
    return store as EventStore;
  }
}

const time = '2026-01-01T00:00:00.000Z';
const delivery = {
  delivery: { webhookId: 'w', position: 1, attempts: 0 },
  event: { position: 1, id: 'e', type: 'candidate.hired', subject: 's', time, data: '{}' },
  webhook: { id: 'w', url: 'https://ats.example/', types: [], secret: box.seal(makeSecret()) },
} as unknown as DueDelivery;

const gate = () => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

test('what was delivered while it was asked what is due is not sent again', async () => {
  const one = new OneDelivery();
  const [received, found] = [gate(), gate()];
  let sent = 0;
  const dispatcher = new Dispatcher({
    ...{ store: one.store, box, retry: { firstMs: 1, longestMs: 1, attempts: 2 }, clock: systemClock, log: silentLog },
    send: async () => {
      sent += 1;
      await received.opened;
      return { status: 200 };
    },
  });
  await vi.waitFor(() => expect(sent).toBe(1));
  one.answer = found.opened;
  dispatcher.wake();
  await vi.waitFor(() => expect(one.asked).toBe(2));
  received.open();
  await vi.waitFor(() => expect(one.isSettled).toBe(true));
  await new Promise((resolve) => setImmediate(resolve));
  found.open();
  // It looks again, since a delivery ended meanwhile.
  await vi.waitFor(() => expect(one.asked).toBeGreaterThan(2));
  await dispatcher.stop();
  expect(sent).toBe(1);
});

test('events that never stop coming do not keep back what is due', async () => {
  const one = new OneDelivery();
  one.numbered = 1;
  const send = vi.fn(async () => ({ status: 200 }));
  const retry = { firstMs: 1, longestMs: 1, attempts: 2 };
  const dispatcher = new Dispatcher({ store: one.store, box, retry, clock: systemClock, log: silentLog, send });
  await vi.waitFor(() => expect(one.isSettled).toBe(true));
  await dispatcher.stop();
  expect(send).toHaveBeenCalledOnce();
});
