import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type ForeignService, startForeignService } from '../adapter/foreign-odata.ts';
import { level, mappings, model, skill } from '../adapter/providers-suite.ts';
import { type Answer, ask } from '../support/client.ts';
import { anyEngine, engines, makeDatabase, type TestDatabase } from '../support/database.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';

const title = 'mshr_hcmtitleentity';

describe.each(engines)('rows of some tables are elsewhere, on %s', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-sources-'));
  const file = join(folder, 'sources.json');
  let service: ForeignService;
  let relations: TestDatabase;
  let server: EmptyServer;
  beforeAll(async () => {
    service = await startForeignService();
    relations = await makeDatabase(inject('postgresUrl'));
    await relations.run(
      `create schema hr; create table hr.titles (id bigint primary key generated always as identity, title text unique)`,
    );
    await relations.run(`insert into hr.titles (title) select 'Title ' || n from generate_series(1, 7) as n`);
    const titles = { from: 'hr.titles', id: { name: 'id', form: 'recordId' }, columns: { mshr_titleid: 'title' } };
    const { [skill]: skills, [level]: levels, [model]: models } = mappings;
    const sources = [
      {
        kind: 'odata',
        url: service.url,
        timeoutMs: 5000,
        tables: { [skill]: skills, [level]: levels, [model]: models },
      },
      { kind: 'sql', url: relations.url, tables: { [title]: titles } },
    ];
    writeFileSync(file, JSON.stringify(sources));
    await service.put('Skills', { _id: 'a', RecId: 7, Skill: 'Rowing', Description: 'Boats' });
    server = await startEmptyServer(engine, { PORTVAKT_PROVIDERS: file });
  });
  afterAll(async () => {
    await server.close();
    await service.close();
    await relations.drop();
    rmSync(folder, { recursive: true });
  });

  const api = async (path: string, options: Parameters<typeof ask>[2] = {}): Promise<Answer> =>
    ask(server.ca, `${server.url}/api/data/v9.2/${path}`, { ...options, token: await server.token('admin') });
  const error = ({ status, json }: Answer) => {
    const { error: said } = json() as { error: { code: string; message: string } };
    return { status, code: said.code, message: said.message };
  };

  test('rows of the other service are read by their computable ids', async () => {
    const answer = await api('mshr_hcmskillentities?$select=mshr_skill,mshr_description');
    expect(answer.json()).toMatchObject({
      value: [
        {
          mshr_hcmskillentityid: '00000bdd-0000-0000-0700-000000000000',
          mshr_skill: 'Rowing',
          mshr_description: 'Boats',
        },
      ],
    });
    const one = await api('mshr_hcmskillentities(00000bdd-0000-0000-0700-000000000000)?$select=mshr_skill');
    expect(one.json()).toMatchObject({ mshr_skill: 'Rowing', '@odata.etag': expect.stringMatching(/^W\/"\d+"$/) });
  });

  test('pages of mapped relations lead on to the last row', async () => {
    const titles: string[] = [];
    let next: string | undefined = 'mshr_hcmtitleentities?$select=mshr_titleid&$orderby=mshr_titleid desc';
    while (next !== undefined) {
      const page = (await api(next, { headers: { prefer: 'odata.maxpagesize=3' } })).json() as {
        value: { mshr_titleid: string }[];
        '@odata.nextLink'?: string;
      };
      titles.push(...page.value.map((row) => row.mshr_titleid));
      next = page['@odata.nextLink']?.split('/v9.2/')[1];
    }
    expect(titles).toEqual([7, 6, 5, 4, 3, 2, 1].map((n) => `Title ${n}`));
  });

  test('rows are made there, and what the source holds against them is told', async () => {
    const made = await api('mshr_hcmskillentities', {
      method: 'POST',
      body: { mshr_skill: 'Chess' },
      headers: { prefer: 'return=representation' },
    });
    expect({ status: made.status, row: made.json() }).toMatchObject({ status: 201, row: { mshr_skill: 'Chess' } });
    expect(error(await api('mshr_hcmskillentities', { method: 'POST', body: { mshr_skill: 'Refused' } }))).toEqual({
      status: 400,
      code: '0x80040265',
      message: 'This skill is not wanted here.',
    });
    expect((await api('mshr_hcmtitleentities', { method: 'POST', body: { mshr_titleid: 'Title 8' } })).status).toBe(
      204,
    );
    expect(
      error(await api('mshr_hcmtitleentities', { method: 'POST', body: { mshr_titleid: 'Title 8' } })),
    ).toMatchObject({ status: 412, code: '0x80040237' });
  });

  test.each([
    { name: 'groups', path: `mshr_hcmskillentities?$apply=${encodeURIComponent('groupby((mshr_skill))')}` },
    { name: 'our own rows expanded into theirs', path: 'mshr_hcmjobentities?$expand=mshr_FK_Title_id' },
    { name: 'theirs into ours', path: 'mshr_hcmtitleentities?$expand=mshr_FK_HcmJobEntity_Title' },
  ])('$name: 501, not a wrong answer', async ({ path }) => {
    expect((await api(path)).status).toBe(501);
  });

  test('a write there is refused in a change set, which could not undo it', async () => {
    const part = (id: string, name: string) => ({
      ...{ id, atomicityGroup: 'g', method: 'POST', url: 'mshr_hcmskillentities' },
      ...{ headers: { 'content-type': 'application/json' }, body: { mshr_skill: name } },
    });
    const body = { requests: [part('1', 'Together'), part('2', 'Also')] };
    const { responses } = (await api('$batch', { method: 'POST', body })).json() as { responses: { status: number }[] };
    expect(responses.map(({ status }) => status)).toContain(501);
    expect((await api("mshr_hcmskillentities?$filter=mshr_skill eq 'Together'")).json()).toMatchObject({ value: [] });
  });

  test('a source that fails is what the explanation names', async () => {
    await relations.run('drop table hr.titles');
    const failed = await api('mshr_hcmtitleentities?$select=mshr_titleid');
    expect(failed.status).toBe(400);
    const url = `${server.url}/portvakt/v1/explain/${failed.headers['req_id']}`;
    const explained = async (): Promise<Answer> => ask(server.ca, url, { token: await server.token('admin') });
    // What is only noted may be a second late.
    let told = await explained();
    for (let attempt = 0; told.status === 404 && attempt < 30; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      told = await explained();
    }
    expect(told.json()).toMatchObject({ firstFailed: 'source', decidedThen: { data: { problem: 'failed' } } });
  });
});

describe('a start with sources that are wrong', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-sources-'));
  const file = join(folder, 'sources.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    {
      name: 'another kind',
      text: '[{"kind": "soap"}]',
      message: 'in the file, source 1: kind must be odata or sql; see docs/providers.md',
    },
    {
      name: 'an unknown table',
      text: JSON.stringify([{ kind: 'sql', url: 'postgres://x/y', tables: { mshr_no: mappings[skill] } }]),
      message: 'there is no virtual table mshr_no',
    },
  ])('$name stops it with one line', async ({ text, message }) => {
    writeFileSync(file, text);
    await expect(startEmptyServer(anyEngine, { PORTVAKT_PROVIDERS: file })).rejects.toThrow(message);
  });

  test('the demo, whose rows would go there, is not filled in', async () => {
    writeFileSync(file, JSON.stringify([{ kind: 'sql', url: 'postgres://x/y', tables: { [skill]: mappings[skill] } }]));
    const started = startEmptyServer(anyEngine, { PORTVAKT_PROVIDERS: file, PORTVAKT_SEED: 'demo' });
    await expect(started).rejects.toThrow('PORTVAKT_PROVIDERS needs PORTVAKT_SEED=empty on the first start');
  });
});
