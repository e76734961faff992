import { beforeEach, describe, expect, test } from 'vitest';
import { ConsentCodes, type ConsentPurpose, codeLimits } from '../../src/consent/codes.ts';
import { newGuid } from '../../src/kernel/ids.ts';

let now: number;
let codes: ConsentCodes;
const purpose: ConsentPurpose = { tenantId: newGuid(), clientId: newGuid(), redirectUri: 'https://app.example/done' };

beforeEach(() => {
  now = Date.parse('2026-03-01T12:00:00Z');
  codes = new ConsentCodes(() => new Date(now));
});

function issue(of = purpose): string {
  const issued = codes.issue(of);
  if (issued.kind !== 'ready' || issued.code === undefined) throw new Error(`no code: ${JSON.stringify(issued)}`);
  return issued.code;
}

describe('a one-time code', () => {
  test('is right once', () => {
    const code = issue();
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    expect(codes.redeem(purpose, code)).toBe('right');
    expect(codes.redeem(purpose, code)).toBe('void');
  });

  test.each([
    { name: 'in lower case without the hyphen', typed: (code: string) => code.toLowerCase().replace('-', '') },
    { name: 'with spaces', typed: (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)} ` },
    {
      name: 'with letters for the digits that look like them',
      typed: (code: string) => code.replaceAll('0', 'o').replaceAll('1', 'l'),
    },
  ])('is right $name', ({ typed }) => {
    expect(codes.redeem(purpose, typed(issue()))).toBe('right');
  });

  test.each([
    { name: 'another tenant', other: { ...purpose, tenantId: newGuid() } },
    { name: 'another application', other: { ...purpose, clientId: newGuid() } },
    { name: 'another address', other: { ...purpose, redirectUri: 'https://app.example/done/x' } },
  ] as { name: string; other: ConsentPurpose }[])('is good for nothing else: $name', ({ other }) => {
    const code = issue();
    expect(codes.redeem(other, code)).toBe('void');
    issue(other);
    expect(codes.redeem(other, code)).toBe('wrong');
    expect(codes.redeem(purpose, code)).toBe('right');
  });

  test('can be used for ten minutes', () => {
    const code = issue();
    now += codeLimits.life - 1;
    expect(codes.issue(purpose)).toEqual({ kind: 'ready' });
    now += 1;
    expect(codes.redeem(purpose, code)).toBe('void');
    expect(issue()).not.toBe(code);
  });

  test('is void after five wrong ones, and another is given a minute after it', () => {
    const code = issue();
    for (let wrong = 1; wrong < codeLimits.attempts; wrong++) expect(codes.redeem(purpose, 'WRONG')).toBe('wrong');
    expect(codes.redeem(purpose, '')).toBe('void');
    expect(codes.redeem(purpose, code)).toBe('void');
    expect(codes.issue(purpose)).toEqual({ kind: 'tooMany', retryAfterSeconds: 60 });
    now += codeLimits.pause;
    const next = issue();
    expect(codes.redeem(purpose, code)).toBe('wrong');
    expect(codes.redeem(purpose, next)).toBe('right');
  });

  test('that was used makes room for the next at once', () => {
    expect(codes.redeem(purpose, issue())).toBe('right');
    expect(codes.redeem(purpose, issue())).toBe('right');
  });

  test('is written once however often the page is opened', () => {
    issue();
    for (let opened = 0; opened < 100; opened++) expect(codes.issue(purpose)).toEqual({ kind: 'ready' });
  });
});

describe('a stranger cannot flood the console', () => {
  const another = (of: ConsentPurpose): ConsentPurpose => ({ ...of, clientId: newGuid() });

  test('for one tenant: ten codes in ten minutes, others are not held up', () => {
    for (let count = 0; count < codeLimits.perTenant; count++) issue(another(purpose));
    expect(codes.issue(another(purpose))).toEqual({ kind: 'tooMany', retryAfterSeconds: 600 });
    issue({ ...purpose, tenantId: newGuid() });
    now += codeLimits.life;
    issue(another(purpose));
  });

  test('for all tenants: fifty', () => {
    for (let count = 0; count < codeLimits.inAll; count++) issue({ ...purpose, tenantId: newGuid() });
    expect(codes.issue({ ...purpose, tenantId: newGuid() }).kind).toBe('tooMany');
  });
});
