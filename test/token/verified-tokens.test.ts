import { describe, expect, test } from 'vitest';
import { type ClientId, newGuid } from '../../src/kernel/ids.ts';
import type { Caller } from '../../src/token/caller.ts';
import { VerifiedTokens } from '../../src/token/verified-tokens.ts';

const now = new Date('2026-03-01T12:00:00Z');
const later = new Date('2026-03-01T13:00:00Z');
const callerOf = (clientId: ClientId = newGuid()): Caller => ({
  clientId,
  tenantId: newGuid(),
  objectId: newGuid(),
  audience: 'https://hr.example',
  roles: [],
  expiresAt: later,
  tokenId: 'x',
});

describe('verified tokens', () => {
  test('the one not used for longest is dropped', () => {
    const tokens = new VerifiedTokens(2);
    const [a, b, c] = [callerOf(), callerOf(), callerOf()];
    tokens.add('a', a);
    tokens.add('b', b);
    expect(tokens.find('a', now)).toBe(a);
    tokens.add('c', c);
    expect([tokens.find('a', now), tokens.find('b', now), tokens.find('c', now)]).toEqual([a, undefined, c]);
  });

  test('an entry ends with its token', () => {
    const tokens = new VerifiedTokens(2);
    tokens.add('a', callerOf());
    expect(tokens.find('a', later)).toBeUndefined();
    expect(tokens.size).toBe(0);
  });

  test('forgetting an application forgets all of its tokens and no others', () => {
    const tokens = new VerifiedTokens(10);
    const client = newGuid<ClientId>();
    tokens.add('a', callerOf(client));
    tokens.add('b', callerOf(client));
    tokens.add('c', callerOf());
    tokens.forget(client);
    expect([tokens.find('a', now), tokens.find('b', now), tokens.size]).toEqual([undefined, undefined, 1]);
  });

  test('what was dropped can be forgotten without harm', () => {
    const tokens = new VerifiedTokens(1);
    const client = newGuid<ClientId>();
    tokens.add('a', callerOf(client));
    tokens.add('b', callerOf());
    tokens.forget(client);
    expect(tokens.size).toBe(1);
  });

  test('a token that ends as another one is not that one, in either order', () => {
    const tokens = new VerifiedTokens(10);
    const end = 'x'.repeat(100);
    const [a, b] = [callerOf(), callerOf()];
    tokens.add(`a.${end}`, a);
    expect([tokens.find(`b.${end}`, now), tokens.find(end, now), tokens.find(end.slice(0, 43), now)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    tokens.add(`b.${end}`, b);
    expect([tokens.find(`a.${end}`, now), tokens.find(`b.${end}`, now), tokens.size]).toEqual([undefined, b, 1]);
    tokens.forget(a.clientId);
    expect(tokens.find(`b.${end}`, now)).toBe(b);
    tokens.forget(b.clientId);
    expect(tokens.size).toBe(0);
  });

  test('clearing leaves nothing', () => {
    const tokens = new VerifiedTokens(1);
    tokens.add('a', callerOf());
    tokens.clear();
    expect(tokens.find('a', now)).toBeUndefined();
  });
});
