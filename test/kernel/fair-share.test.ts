import { describe, expect, test } from 'vitest';
import { FairShare, ShareFull } from '../../src/kernel/fair-share.ts';

/** A job that ends when it is told to. */
function held() {
  let end = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { job: () => until, end: () => end() };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a fair share', () => {
  test('lets so many jobs of each run, and the others of its jobs wait for them alone', async () => {
    const share = new FairShare({ most: 2, mostATurn: 9, longest: 10 });
    const began: string[] = [];
    const jobs = ['a1', 'a2', 'a3', 'b1'].map((name) => ({ name, ...held() }));
    const running = jobs.map(({ name, job }) =>
      share.run(name.charAt(0), () => {
        began.push(name);
        return job();
      }),
    );
    expect(began).toEqual(['a1', 'a2', 'b1']);
    jobs[1]?.end();
    await running[1];
    await nextTurn();
    expect(began).toEqual(['a1', 'a2', 'b1', 'a3']);
    for (const { end } of jobs) end();
    await Promise.all(running);
  });

  test('lets jobs that are done at once give way to others as well', async () => {
    const share = new FairShare({ most: 100, mostATurn: 2, longest: 100 });
    const order: string[] = [];
    const many = Array.from({ length: 9 }, () => share.run('a', async () => order.push('a')));
    await nextTurn();
    await Promise.all([...many, share.run('b', async () => order.push('b'))]);
    expect(order.indexOf('b')).toBeLessThan(6);
    expect(order).toHaveLength(10);
  });

  test('refuses what would wait behind too many, hands places on after failures, and forgets who has none', async () => {
    const share = new FairShare({ most: 1, mostATurn: 9, longest: 1 });
    const first = held();
    const failing = share.run('a', async () => {
      await first.job();
      throw new Error('it went wrong');
    });
    const waiting = share.run('a', async () => 'done');
    await expect(share.run('a', async () => 'late')).rejects.toBeInstanceOf(ShareFull);
    first.end();
    await expect(failing).rejects.toThrow('it went wrong');
    expect(await waiting).toBe('done');
    expect(await share.run('a', async () => 'again')).toBe('again');
  });
});
