import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newGuid } from '../../src/kernel/ids.ts';
import { jsonOf, publicUrl, segmentOf, type TestApplication, World } from './world.ts';

let world: World;
let app: TestApplication;
beforeAll(async () => {
  world = await World.make();
  app = await world.addApplication('Recruiting system');
});
beforeEach(() => {
  world.audit.take();
});

describe('a token that was issued', () => {
  test('leaves one entry, written before the answer, that names who, what for, by which credential, and the token', async () => {
    const sent = newGuid();
    const response = await world.ask({
      remoteAddress: '192.0.2.7',
      headers: { 'client-request-id': sent },
      body: new URLSearchParams(world.form(app)).toString(),
    });
    const { uti } = segmentOf(String(jsonOf(response)['access_token']), 1);
    expect(world.audit.noted).toEqual([]);
    expect(world.audit.take()).toEqual([
      {
        kind: 'token',
        outcome: 'allowed',
        surface: 'token',
        method: 'POST',
        status: 200,
        requestId: response.headers['x-ms-request-id'],
        correlationId: sent,
        tenantId: world.tenant.id,
        clientId: app.application.clientId,
        objectId: app.principal.id,
        credential: expect.stringContaining(app.application.secrets[0]?.keyId ?? 'no secret'),
        message: 'client_credentials',
        resource: `${publicUrl}/.default`.replace('/.default', ''),
        tokenId: uti,
        remoteAddress: '192.0.2.7',
      },
    ]);
  });

  test('an id of the client that is no GUID is not kept', async () => {
    await world.ask({
      headers: { 'client-request-id': 'Kari Nordmann' },
      body: new URLSearchParams(world.form(app)).toString(),
    });
    const [entry] = world.audit.take();
    expect(entry).not.toHaveProperty('correlationId');
    expect(JSON.stringify(entry)).not.toContain('Kari');
  });
});

describe('a token that was refused', () => {
  test('a wrong secret: the entry knows more than the answer', async () => {
    const response = await world.askForm(app, { client_secret: 'hemmelig-Gjetning-4711' });
    const [entry, ...more] = world.audit.take();
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ clientId: app.application.clientId, code: '7000215', outcome: 'denied' });
    expect(entry?.reason).toMatch(/secret/);
    expect(response.body.toString()).not.toContain(entry?.reason ?? 'no reason');
    expect(JSON.stringify(entry)).not.toContain('Gjetning');
  });

  test('a secret in the place of the client id is not kept', async () => {
    await world.askForm(app, { client_id: app.secret as string });
    await world.askForm(app, { scope: `${app.secret}/.default` });
    await world.askForm(app, { grant_type: app.secret as string });
    await world.ask({ url: `/${encodeURIComponent(app.secret)}/oauth2/v2.0/token`, body: '' });
    const text = JSON.stringify(world.audit.take());
    expect(text).not.toContain(JSON.stringify(app.secret).slice(1, -1));
    expect(text).not.toContain(app.secret.slice(0, 12));
  });

  test('a client id that nobody has proved is kept, and no service principal with it', async () => {
    const unknown = newGuid();
    await world.askForm(app, { client_id: unknown });
    const [entry] = world.audit.take();
    expect(entry).toMatchObject({ clientId: unknown, tenantId: world.tenant.id, code: '700016' });
    expect(entry).not.toHaveProperty('objectId');
    expect(entry).not.toHaveProperty('credential');
  });
});

test('asking for documents leaves nothing, issued or refused', async () => {
  await world.ask({ method: 'GET', url: '/common/discovery/keys' });
  await world.ask({ method: 'GET', url: '/nobody.example/v2.0/.well-known/openid-configuration' });
  await world.ask({ method: 'OPTIONS' });
  expect(world.audit.take()).toEqual([]);
});
