import { expect, test } from 'vitest';
import { SignInAttempts } from '../../src/sign-in/attempts.ts';

const began = new Date('2026-03-02T08:00:00Z');
const after = (seconds: number): Date => new Date(began.getTime() + seconds * 1000);

/** Failures, one after the other. @returns how many were looked at */
function fail(
  attempts: SignInAttempts,
  times: number,
  at: (n: number) => readonly [name: string, address: string],
): number {
  let checked = 0;
  for (let n = 0; n < times; n++) {
    const [name, address] = at(n);
    if (attempts.wait(name, address, began) !== undefined) continue;
    attempts.count(name, address, began);
    checked++;
  }
  return checked;
}

test.each([
  { limit: 5, of: 'a name from one address', at: () => ['Kari', '192.0.2.1'] as const },
  { limit: 5, of: 'a name in any case', at: (n: number) => [n % 2 === 0 ? 'KARI' : 'kari', '192.0.2.1'] as const },
  { limit: 5, of: 'one IPv6 network', at: (n: number) => ['Kari', `2001:db8:1:2::${n}`] as const },
  { limit: 50, of: 'names from one address', at: (n: number) => [`Kari ${n}`, '192.0.2.1'] as const },
  { limit: 100, of: 'a name from everywhere', at: (n: number) => ['Kari', `192.0.2.${n}`] as const },
])('$limit failures of $of are looked at, and no more', ({ limit, at }) => {
  expect(fail(new SignInAttempts(), 200, at)).toBe(limit);
});

test('somebody else at another address is not kept out', () => {
  const attempts = new SignInAttempts();
  fail(attempts, 10, () => ['Kari', '192.0.2.1']);
  expect(attempts.wait('Kari', '198.51.100.7', began)).toBeUndefined();
  expect(attempts.wait('Ola', '192.0.2.1', began)).toBeUndefined();
});

test('the wait is told in seconds, and is over after a quarter of an hour', () => {
  const attempts = new SignInAttempts();
  fail(attempts, 5, () => ['Kari', '192.0.2.1']);
  expect(attempts.wait('Kari', '192.0.2.1', after(1))).toBe(899);
  expect(attempts.wait('Kari', '192.0.2.1', after(899.9))).toBe(1);
  expect(attempts.wait('Kari', '192.0.2.1', after(900))).toBeUndefined();
});

test('one that was right gives its count back', () => {
  const attempts = new SignInAttempts();
  for (let n = 0; n < 20; n++) {
    expect(attempts.wait('Kari', '192.0.2.1', began)).toBeUndefined();
    attempts.count('Kari', '192.0.2.1', began);
    attempts.count('Kari', '192.0.2.1', began, -1);
  }
});

test('each of several processes allows its share', () => {
  expect(fail(new SignInAttempts(5), 200, () => ['Kari', '192.0.2.1'])).toBe(1);
  expect(fail(new SignInAttempts(5), 200, (n) => [`Kari ${n}`, '192.0.2.1'])).toBe(10);
});

test('a clock that is set back keeps nobody out for longer', () => {
  const attempts = new SignInAttempts();
  for (let n = 0; n < 5; n++) attempts.count('Kari', '192.0.2.1', after(7200));
  expect(attempts.wait('Kari', '192.0.2.1', after(7200 - 30))).toBe(930);
  expect(attempts.wait('Kari', '192.0.2.1', began)).toBeUndefined();
});
