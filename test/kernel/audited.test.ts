import { describe, expect, test } from 'vitest';
import { beginNotes } from '../../src/kernel/audit.ts';
import { parseAuditText } from '../../src/kernel/audit-text.ts';
import { type AuditedRequest, answerAudited } from '../../src/kernel/audited.ts';
import type { HttpRequest, HttpResponse } from '../../src/kernel/http.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { Unavailable } from '../../src/kernel/unavailable.ts';
import { RecordingAudit } from '../support/recording-audit.ts';

const request: HttpRequest = {
  method: 'POST',
  url: '/x',
  host: 'localhost',
  remoteAddress: '192.0.2.7',
  headers: {},
  body: Buffer.alloc(0),
};
const good: HttpResponse = { status: 204, headers: { id: 'r1' }, body: '' };
const refusal = (stage: Refusal['stage']): Refusal =>
  new Refusal(stage, { status: 403, code: '0x1', message: 'no' }, 'the true reason');

function make(audit: RecordingAudit, kind: 'read' | 'change', answer: () => Promise<HttpResponse>): AuditedRequest {
  return {
    audit,
    notes: beginNotes('web-api', kind, request),
    answer,
    refuse: ({ problem }) => ({ status: problem.status, headers: { id: 'r2' }, body: problem.message }),
    unavailable: (why, reason) =>
      new Refusal('run', { status: why === 'outcomeUnknown' ? 500 : 503, code: why, message: why }, reason),
    idsOf: ({ headers }) => ({ requestId: headers['id'] ?? '' }),
    reasonOf: ({ reason }) => parseAuditText(reason),
  };
}

const allow = async (): Promise<HttpResponse> => good;

describe('a request leaves one entry', () => {
  test('a read that was allowed is only noted', async () => {
    const audit = new RecordingAudit();
    expect(await answerAudited(make(audit, 'read', allow))).toBe(good);
    expect(audit.written).toEqual([]);
    expect(audit.noted).toEqual([
      {
        surface: 'web-api',
        kind: 'read',
        method: 'POST',
        remoteAddress: '192.0.2.7',
        requestId: 'r1',
        outcome: 'allowed',
        status: 204,
      },
    ]);
  });

  test('a change is written', async () => {
    const audit = new RecordingAudit();
    await answerAudited(make(audit, 'change', allow));
    expect(audit.written.map(({ kind, outcome }) => [kind, outcome])).toEqual([['change', 'allowed']]);
    expect(audit.noted).toEqual([]);
  });

  test.each([
    { stage: 'authenticate', outcome: 'denied', on: 'written' },
    { stage: 'user', outcome: 'denied', on: 'written' },
    { stage: 'limit', outcome: 'denied', on: 'written' },
    { stage: 'table', outcome: 'denied', on: 'written' },
    { stage: 'link', outcome: 'denied', on: 'written' },
    { stage: 'data', outcome: 'denied', on: 'written' },
    { stage: 'token', outcome: 'denied', on: 'written' },
    { stage: 'parse', outcome: 'failed', on: 'noted' },
    { stage: 'run', outcome: 'failed', on: 'noted' },
  ] as const)('a read that the stage $stage refuses is $outcome, and $on with the true reason', async (row) => {
    const audit = new RecordingAudit();
    const refuse = async (): Promise<never> => Promise.reject(refusal(row.stage));
    const answer = await answerAudited(make(audit, 'read', refuse));
    expect(answer).toMatchObject({ status: 403, body: 'no' });
    expect([...audit.written, ...audit.noted]).toHaveLength(1);
    expect(audit[row.on]).toMatchObject([
      { outcome: row.outcome, stage: row.stage, status: 403, code: '0x1', reason: 'the true reason', requestId: 'r2' },
    ]);
  });

  test('an error of ours is told without its message, and stays the answer', async () => {
    const audit = new RecordingAudit();
    const fail = async (): Promise<never> => Promise.reject(new RangeError('Kari Nordmann'));
    await expect(answerAudited(make(audit, 'change', fail))).rejects.toThrow(RangeError);
    expect(audit.written).toMatchObject([{ outcome: 'faulted', code: 'RangeError', status: 500 }]);
    expect(JSON.stringify(audit.written)).not.toContain('Kari');
  });
});

describe('when the log cannot be written', () => {
  test('a change that was done and could not be written is not answered as if it could be sent again', async () => {
    const audit = new RecordingAudit();
    audit.fails = true;
    expect(await answerAudited(make(audit, 'change', allow))).toMatchObject({ status: 500, body: 'outcomeUnknown' });
  });

  test('a denial is answered 503, not told', async () => {
    const audit = new RecordingAudit();
    audit.fails = true;
    const refuse = async (): Promise<never> => Promise.reject(refusal('table'));
    expect((await answerAudited(make(audit, 'read', refuse))).status).toBe(503);
  });

  test('no change is begun while it is known to fail, and reads go on', async () => {
    const audit = new RecordingAudit();
    audit.isWorking = false;
    let begun = 0;
    const answer = async (): Promise<HttpResponse> => {
      begun += 1;
      return good;
    };
    expect((await answerAudited(make(audit, 'change', answer))).status).toBe(503);
    expect(begun).toBe(0);
    expect((await answerAudited(make(audit, 'read', answer))).status).toBe(204);
    expect(begun).toBe(1);
  });
});

describe('when storage fails', () => {
  const lost = new Unavailable('db: the connection was lost');
  const undone = new Unavailable('db: the connection was lost', undefined, true);

  test.each([
    { name: 'a read', kind: 'read', error: lost, status: 503, body: 'dataUnavailable', outcome: 'failed' },
    {
      name: 'a change that was undone',
      kind: 'change',
      error: undone,
      status: 503,
      body: 'dataUnavailable',
      outcome: 'failed',
    },
    {
      name: 'a change of unknown outcome',
      kind: 'change',
      error: lost,
      status: 500,
      body: 'outcomeUnknown',
      outcome: 'faulted',
    },
  ] as const)('$name is answered $status $body', async ({ kind, error, status, body, outcome }) => {
    const audit = new RecordingAudit();
    const fail = async (): Promise<never> => Promise.reject(error);
    expect(await answerAudited(make(audit, kind, fail))).toMatchObject({ status, body });
    expect([...audit.written, ...audit.noted]).toMatchObject([{ outcome, status, reason: error.message }]);
  });

  test('a change of unknown outcome stays so when the log fails too', async () => {
    const audit = new RecordingAudit();
    audit.fails = true;
    const fail = async (): Promise<never> => Promise.reject(lost);
    expect(await answerAudited(make(audit, 'change', fail))).toMatchObject({ status: 500, body: 'outcomeUnknown' });
  });
});
