import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/database.ts';
import { runScript } from '../support/run-script.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `dynamics-script.mjs` runs the methods of the client, one step after the other; here is what each must have given. */
describe.each(engines)('dynamics-web-api on %s', (engine) => {
  let server: TestServer;
  let output: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    server = await startTestServer(engine);
    const { code, stdout, stderr } = await runScript(server, 'test/e2e/dynamics-script.mjs');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    output = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  });
  afterAll(() => server.close());

  test('create gives the id of the new row', () => expect(output['create']).toMatch(guid));

  test('create with returnRepresentation gives the row', () =>
    expect(output['createReturning']).toMatchObject({ mshr_lastname: 'Vist', mshr_candidateid: expect.any(String) }));

  test('retrieve gives a row with an expanded one', () =>
    expect(output['retrieve']).toMatchObject({
      mshr_lastname: 'Klient',
      mshr_FK_Person_id: { mshr_name: 'Øyvind Klient' },
    }));

  test('retrieve takes an alternate key', () =>
    expect(output['retrieveByKey']).toMatchObject({ mshr_name: 'Øyvind Klient' }));

  test('retrieveMultiple gives a page, its link and the count', () =>
    expect(output['retrieveMultiple']).toMatchObject({
      rows: 3,
      next: expect.stringContaining('$skiptoken='),
      count: expect.any(Number),
    }));

  test('a URL of more than 2,000 characters, which the client sends as a batch', () =>
    expect(output['retrieveLongUrl']).toEqual(['USMF-000001']));

  test('retrieveAll follows the links to the end', () => expect(output['retrieveAll']).toBe(120));
  test('count', () => expect(output['count']).toBe(120));
  test('countAll', () => expect(output['countAll']).toBe(120));

  test('update changes a row', () => expect(output['update']).toMatchObject({ mshr_lastname: 'Ålesund' }));

  test('update of a row that there is not is 404: the client sends If-Match: *', () =>
    expect(output['updateUnknown']).toMatchObject({ failed: { status: 404, code: '0x80040217' } }));

  test('updateSingleProperty sets one column', () =>
    expect(output['updateSingleProperty']).toMatchObject({ mshr_comments: 'ett felt' }));

  test('deleteRecord with fieldName clears one column', () =>
    expect(output['deleteSingleProperty']).toMatchObject({ mshr_comments: null }));

  test('upsert makes a row and changes it', () =>
    expect(output['upsert']).toMatchObject({ mshr_lastname: 'Upsert', mshr_comments: 'igjen' }));

  test('upsert by an alternate key makes one row and changes it', () =>
    expect(output['upsertByKey']).toMatchObject({ value: [{ mshr_description: 'to' }] }));

  test('deleteRecord by an alternate key', () => expect(output['deleteByKey']).toBe(0));

  test('create with nested rows (deep insert)', () =>
    expect(output['deepInsert']).toMatchObject({
      mshr_lastname: 'Klient',
      mshr_FK_Person_id: { mshr_name: 'Dyp Klient' },
    }));

  test('associate joins through a collection', () => expect(output['associate']).toBe(true));
  test('disassociate parts through a collection', () => expect(output['disassociate']).toBeNull());
  test('associateSingleValued sets a lookup', () => expect(output['associateSingleValued']).toBe(true));
  test('disassociateSingleValued clears a lookup', () => expect(output['disassociateSingleValued']).toBeNull());

  test('callFunction, unbound and bound', () => {
    expect(output['callFunction']).toMatchObject({ UserId: expect.stringMatching(guid) });
    expect(output['callBoundFunction']).toBeGreaterThan(40);
  });

  test('associate and disassociate join and part through a many-to-many relationship', () =>
    expect([output['associateManyToMany'], output['disassociateManyToMany']]).toEqual([1, 0]));

  test('create under a collection of a row', () => expect(output['createUnderCollection']).toBe(true));

  test('update with returnRepresentation gives the row', () =>
    expect(output['updateReturning']).toMatchObject({ mshr_comments: 'gitt tilbake' }));

  test('update of a version that is no longer there is 412, for which the client says false', () =>
    expect(output['updateOfAnOldVersion']).toBe(false));

  test('uploadFile and downloadFile are refused: there is no such column', () => {
    expect(output['uploadFile']).toMatchObject({ failed: { status: 404, code: '0x8006088a' } });
    expect(output['downloadFile']).toMatchObject({ failed: { status: 404, code: '0x8006088a' } });
  });

  test('callAction, bound to a row and to a set', () => {
    expect(output['callAction']).toBe(1);
    expect(output['callCollectionAction']).toBe(2);
  });

  test('executeBatch gives the answers in order', () =>
    expect(output['executeBatch']).toMatchObject({
      row: { mshr_lastname: 'Ålesund' },
      rows: 2,
      count: 120,
      user: expect.stringMatching(guid),
      fetched: 2,
    }));

  test('executeBatch puts writes into a change set, in which $1 is the first row', () =>
    expect(output['executeChangeSet']).toMatchObject({
      first: expect.stringMatching(guid),
      second: expect.stringMatching(guid),
      comments: ['fra settet'],
    }));

  test('executeBatch with a change set that fails gives its error, and nothing is kept', () =>
    expect(output['executeFailingChangeSet']).toEqual({
      errors: [{ status: 404, message: expect.stringContaining('Does Not Exist') }],
      left: 0,
    }));

  test('executeBatch with continueOnError gives errors among the answers', () =>
    expect(output['executeBatchContinuing']).toMatchObject({ status: 404, user: expect.stringMatching(guid) }));

  test('deleteRecord', () => expect(output['deleteRecord']).toBe(404));
});
