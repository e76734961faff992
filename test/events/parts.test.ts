import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterEach, describe, expect, test } from 'vitest';
import { backOff } from '../../src/events/back-off.ts';
import type { StoredEvent, Webhook } from '../../src/events/event-store.ts';
import { SecretBox } from '../../src/events/secret-box.ts';
import { createSender, findUrlFault } from '../../src/events/send-webhook.ts';
import { bodyOf, makeSecret, signatureHeaders } from '../../src/events/sign.ts';
import { networkTest } from '../../src/kernel/networks.ts';
import { createAddressRules } from '../../src/token/issuers/address-rules.ts';

const box = new SecretBox(Buffer.alloc(32, 1));
const event: StoredEvent = {
  position: 1,
  id: '00000000-0000-4000-8000-000000000001',
  type: 'candidate.hired',
  subject: '00000000-0000-4000-8000-000000000002',
  time: '2026-01-01T00:00:00.000Z',
  data: '{"candidateId":"000000001"}',
};
const webhookWith = (secret: string, more: Partial<Webhook> = {}): Webhook => ({
  id: '00000000-0000-4000-8000-000000000003' as never,
  name: 'ATS',
  url: 'https://ats.example/',
  types: [],
  isEnabled: true,
  secret: box.seal(secret),
  oldSecret: undefined,
  oldSecretUntil: undefined,
  createdAt: event.time,
  ...more,
});

describe('secrets', () => {
  test('are read again with the same key, and with no other', () => {
    const sealed = box.seal('whsec_abc');
    expect(sealed).not.toContain('abc');
    expect(box.open(sealed)).toBe('whsec_abc');
    expect(() => new SecretBox(Buffer.alloc(32, 2)).open(sealed)).toThrow();
  });

  test('sign in a way that the library of Standard Webhooks verifies', () => {
    const secret = makeSecret();
    const body = bodyOf(event);
    const headers = signatureHeaders(box, webhookWith(secret), event, body, new Date());
    expect(new Verifier(secret).verify(body, headers)).toEqual({
      type: 'candidate.hired',
      timestamp: event.time,
      data: { candidateId: '000000001' },
    });
    expect(() => new Verifier(makeSecret()).verify(body, headers)).toThrow();
    expect(() => new Verifier(secret).verify(`${body} `, headers)).toThrow();
  });

  test('sign both while one is replaced by the other, and the new one alone afterwards', () => {
    const [old, fresh] = [makeSecret(), makeSecret()];
    const body = bodyOf(event);
    const until = '2999-01-01T00:00:00.000Z';
    const webhook = webhookWith(fresh, { oldSecret: box.seal(old), oldSecretUntil: until });
    const during = signatureHeaders(box, webhook, event, body, new Date());
    for (const secret of [old, fresh]) expect(() => new Verifier(secret).verify(body, during)).not.toThrow();
    const ended = { ...webhook, oldSecretUntil: '2000-01-01T00:00:00.000Z' };
    const after = signatureHeaders(box, ended, event, body, new Date());
    expect(() => new Verifier(old).verify(body, after)).toThrow();
    expect(() => new Verifier(fresh).verify(body, after)).not.toThrow();
  });
});

test.each([
  [1, 0, 500],
  [1, 1, 1000],
  [2, 1, 2000],
  [4, 0, 4000],
  [40, 1, 60_000],
])('after attempt %i with dice %d it waits %i ms', (attempts, dice, ms) => {
  expect(backOff({ firstMs: 1000, longestMs: 60_000, attempts: 5 }, attempts, () => dice)).toBe(ms);
});

const addresses = { rules: createAddressRules(['127.0.0.1']), exceptions: networkTest(['127.0.0.1']) };

describe('addresses', () => {
  test.each([
    ['https://ats.example/hook?x=1', undefined],
    ['http://127.0.0.1:8080/hook', undefined],
    ['http://ats.example/', 'does not begin with https://'],
    ['http://127.0.0.2/', 'does not begin with https://'],
    ['https://127.0.0.2/', 'leads to an address that is not public'],
    ['https://169.254.169.254/', 'leads to an address that is not public'],
    ['https://user@ats.example/', 'carries user info'],
    ['https://2130706433/', 'has a host that is not spelled as usual'],
    ['ftp://ats.example/', 'does not begin with https://'],
    ['nothing', 'is no URL'],
  ])('%s: %s', (url, fault) => {
    expect(findUrlFault(url, addresses)).toBe(fault);
  });
});

describe('sending', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });
  const serve = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  };
  const send = (url: string, options = {}) =>
    createSender({ ...addresses, timeoutMs: 300, ...options })({ url, headers: { 'webhook-id': 'x' }, body: '{}' });

  test('a 2xx is success, and the body arrives', async () => {
    let received = '';
    const url = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => {
        received += chunk.toString();
      });
      request.on('end', () => response.writeHead(204).end());
    });
    expect(await send(url)).toEqual({ status: 204 });
    expect(received).toBe('{}');
  });

  test.each([
    ['an error', 500, {}, { status: 500, failure: 'status 500' }],
    [
      'a redirect',
      302,
      { location: 'http://127.0.0.1/' },
      { status: 302, failure: 'a redirect, which is not followed' },
    ],
  ])('%s is a failure', async (_, status, headers, expected) => {
    const url = await serve((_request, response) => response.writeHead(status, headers).end());
    expect(await send(url)).toEqual(expected);
  });

  test('a receiver that does not answer is given up', async () => {
    expect(await send(await serve(() => undefined))).toEqual({ failure: 'no answer within 300 ms' });
  });

  test('nothing is sent to an address that the rules close', async () => {
    const url = await serve((_request, response) => response.writeHead(200).end());
    const closed = { rules: createAddressRules([]), exceptions: networkTest([]) };
    expect(await send(url, closed)).toEqual({ failure: 'the URL does not begin with https://' });
    expect(await send(url.replace('http:', 'https:').replace('127.0.0.1', 'localhost'), closed)).toEqual({
      failure: expect.stringContaining('not public'),
    });
  });
});
