import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { adminErrorOf, administer } from '../support/administration.ts';
import { engines } from '../support/database.ts';
import { bodyOf } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const types = ({ body }: Received): string => (JSON.parse(body) as { type: string }).type;

describe.each(engines)('webhooks on %s', (engine) => {
  let server: TestServer;
  const received: Received[] = [];
  /** Status that the receiver answers a type with. */
  let statusOf: (type: string) => number = () => 200;
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const got = { headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() };
      const status = statusOf(types(got));
      if (status === 200) received.push(got);
      response.writeHead(status).end();
    });
  });
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    server = await startTestServer(engine, {
      PORTVAKT_WEBHOOK_NETWORKS: '127.0.0.1',
      PORTVAKT_WEBHOOK_RETRY: '0.02x2',
    });
  });
  afterAll(async () => {
    receiver.close();
    await server.close();
  });

  const call = (path: string, options = {}) => administer(server, path, options);
  const crm = 'Microsoft.Dynamics.CRM';
  const newRequest = async (): Promise<string> => {
    const path = 'mshr_hcmrecruitingrequestentities';
    const row = {
      mshr_dataareaid: 'usmf',
      mshr_jobid: 'Project Manager',
      mshr_description: 'Hook',
      mshr_estimatedstartdate: '2031-01-01',
    };
    const headers = { prefer: 'return=representation' };
    const made = await server.api(path, { method: 'POST', as: 'admin', body: row, headers });
    return String(bodyOf(made, 201)['mshr_hcmrecruitingrequestentityid']);
  };
  const act = (id: string, action: string) =>
    server.api(`mshr_hcmrecruitingrequestentities(${id})/${crm}.mshr_${action}RecruitingRequest`, {
      method: 'POST',
      as: 'admin',
    });

  test('an event is told, signed, in the order of its request; what was given up holds back the rest of it', async () => {
    const made = bodyOf(await call('webhooks', { method: 'POST', body: { name: 'ATS', url } }), 201);
    const [id, secret] = [String(made['id']), String(made['secret'])];
    expect(secret).toMatch(/^whsec_/);
    expect((await call(`webhooks/${id}`)).text).not.toContain(secret);

    const request = await newRequest();
    expect((await act(request, 'Activate')).status).toBe(204);
    await vi.waitFor(() => expect(received.map(types)).toEqual(['recruitingRequest.activated']), 10_000);
    const [first] = received;
    const told = new Verifier(secret).verify(first?.body ?? '', first?.headers ?? {}) as {
      data: Record<string, unknown>;
    };
    expect(told.data).toEqual({
      recruitingRequestEntityId: request,
      recruitingRequestId: expect.stringMatching(/^USMF-/),
      dataAreaId: 'usmf',
      status: 200_000_005,
    });

    statusOf = (type) => (type === 'candidate.received' ? 500 : 200);
    const number = told.data['recruitingRequestId'];
    const candidate = { mshr_firstname: 'Ola', mshr_dataareaid: 'usmf', mshr_recruitingrequestid: number };
    bodyOf(
      await server.api('mshr_hcmcandidatetohireentities', {
        method: 'POST',
        body: candidate,
        headers: { prefer: 'return=representation' },
      }),
      201,
    );
    await act(request, 'Close');
    const dead = async () =>
      bodyOf(await call(`webhooks/${id}/deliveries?state=dead`), 200)['value'] as { position: number }[];
    await vi.waitFor(async () => expect(await dead()).toHaveLength(1), 10_000);
    expect((await dead())[0]).toMatchObject({
      type: 'candidate.received',
      attempts: 2,
      status: 500,
      failure: 'status 500',
    });
    const other = await newRequest();
    await act(other, 'Activate');
    // Another request is not held back; the closing of this one is.
    await vi.waitFor(
      () => expect(received.map(types)).toEqual(['recruitingRequest.activated', 'recruitingRequest.activated']),
      10_000,
    );

    statusOf = () => 200;
    const position = (await dead())[0]?.position;
    expect((await call(`webhooks/${id}/deliveries/${position}/retry`, { method: 'POST' })).status).toBe(204);
    await vi.waitFor(
      () => expect(received.slice(2).map(types)).toEqual(['candidate.received', 'recruitingRequest.closed']),
      10_000,
    );
    const again = await call(`webhooks/${id}/deliveries/${position}/skip`, { method: 'POST' });
    expect(adminErrorOf(again)).toMatchObject({ status: 409, code: 'deliveryNotDead' });

    const events = bodyOf(await call(`events?subject=${request}`), 200)['value'] as {
      position: number;
      subject: string;
    }[];
    const ofRequest = events.filter(({ subject }) => subject === request);
    expect(ofRequest).toHaveLength(3);
    const before = received.length;
    const after = (ofRequest[0]?.position ?? 1) - 1;
    const replayed = bodyOf(await call(`webhooks/${id}/replay`, { method: 'POST', body: { after } }), 200);
    expect(replayed['events']).toBe(4);
    await vi.waitFor(() => expect(received.length).toBe(before + 4), 10_000);

    const rotated = bodyOf(
      await call(`webhooks/${id}/rotateSecret`, { method: 'POST', body: { overlapHours: 1 } }),
      200,
    );
    await act(other, 'Close');
    await vi.waitFor(() => expect(received.length).toBe(before + 5), 10_000);
    const last = received.at(-1);
    for (const each of [secret, String(rotated['secret'])]) {
      expect(() => new Verifier(each).verify(last?.body ?? '', last?.headers ?? {})).not.toThrow();
    }
    expect((await call(`webhooks/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(adminErrorOf(await call(`webhooks/${id}`))).toMatchObject({ status: 404, code: 'webhookUnknown' });
  });

  test.each([
    ['http://ats.example/', 'does not begin with https://'],
    ['https://10.0.0.1/', 'leads to an address that is not public'],
  ])('a webhook to %s is refused', async (bad, fault) => {
    const refused = adminErrorOf(await call('webhooks', { method: 'POST', body: { name: 'x', url: bad } }));
    expect(refused).toMatchObject({
      status: 400,
      code: 'webhookUrlRefused',
      message: `webhooks cannot be sent to '${bad}': the URL ${fault}`,
    });
  });

  test('an application that administers nothing may neither see nor make webhooks', async () => {
    for (const options of [{}, { method: 'POST', body: { name: 'x', url } }]) {
      const answer = await server.ask('/portvakt/v1/webhooks', { ...options, as: 'ats' });
      expect(adminErrorOf(answer)).toMatchObject({ status: 403, code: 'notPermitted' });
    }
  });
});
