import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { exitCodes } from '../../src/cli/cli-error.ts';
import { parseConfig } from '../../src/config.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { run } from '../cli/run.ts';
import { adminErrorOf, administer } from '../support/administration.ts';
import { type Connection, connect } from '../support/connection.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { createdId, errorOf, rowsOf } from '../support/odata.ts';
import { filledPlace, newPlace, type Place } from '../support/template.ts';

const suffix = `${process.pid}_${Date.now()}`;
const [owner, limited] = [`owner_${suffix}`, `limited_${suffix}`];
const candidates = 'mshr_hcmcandidatetohireentities';
const requests = 'mshr_hcmrecruitingrequestentities';

/** The URL of a database for one of the two roles. */
function urlFor(role: string, { url }: Pick<TestDatabase, 'url'>): string {
  const changed = new URL(url);
  [changed.username, changed.password] = [role, 'hush'];
  return changed.href;
}

async function asOwner(database: TestDatabase, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlFor(owner, database) });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

const settingsOf = ({ dataFolder, database }: Place, role: string) => ({
  PORTVAKT_DATA: dataFolder,
  PORTVAKT_PORT: '0',
  PORTVAKT_DATABASE_URL: urlFor(role, database as TestDatabase),
});

let maintenance: TestDatabase;
beforeAll(async () => {
  maintenance = await makeDatabase(inject('postgresUrl'));
  for (const role of [owner, limited]) await maintenance.run(`create role ${role} login password 'hush'`);
});
afterAll(async () => {
  for (const role of [limited, owner]) await maintenance.run(`drop role ${role}`);
  await maintenance.drop();
});

describe('a role that may change rows only', () => {
  let place: Place;
  let database: TestDatabase;
  let running: RunningServer;
  let server: Connection;
  const start = () => startServer(parseConfig(settingsOf(place, limited)), silentLog);

  beforeAll(async () => {
    place = await filledPlace('postgres', 'demo');
    database = place.database as TestDatabase;
    await database.run(`alter database ${new URL(database.url).pathname.slice(1)} owner to ${owner}`);
    await database.run(`do $$ declare s text; t record; begin
      for s in select nspname from pg_namespace where nspname ~ '^(portvakt|env_)' loop
        execute format('alter schema %I owner to ${owner}', s);
        for t in select c.relname, c.relkind from pg_class c where c.relnamespace = s::regnamespace and relkind = 'r' loop
          execute format('alter table %I.%I owner to ${owner}', s, t.relname);
        end loop;
        for t in select c.relname from pg_class c left join pg_depend d on d.objid = c.oid and d.deptype = 'i'
            where c.relnamespace = s::regnamespace and relkind = 'S' and d.objid is null loop
          execute format('alter sequence %I.%I owner to ${owner}', s, t.relname);
        end loop;
      end loop; end $$`);
  });
  afterAll(async () => {
    await running?.close();
    await database.drop();
    await rm(place.dataFolder, { recursive: true });
  });

  test('is told the statements that let it in, for each schema, and they do', async () => {
    const granted: string[] = [];
    while (running === undefined && granted.length < 5) {
      const said = await start().then(
        (started) => {
          running = started;
        },
        (error: Error) => error.message,
      );
      if (said === undefined) break;
      const [, lacks, sql = ''] = /lacks (.+): as the owner, `(.+)`/.exec(said) ?? [undefined, said];
      expect(lacks).toMatch(/usage on schema, delete on tables, insert on tables/);
      await asOwner(database, sql);
      granted.push(/schema "(\w+)"/.exec(sql)?.[1] ?? '');
    }
    expect(granted).toEqual(['portvakt', 'env_nordlys']);
    server = await connect(running.url, place.dataFolder);
  });

  test('serves: reads, writes, numbers that nobody has drawn before, rights that change, the audit log', async () => {
    const body = { mshr_dataareaid: 'usmf', mshr_firstname: 'Solveig', mshr_lastname: 'Lie' };
    const id = createdId(await server.api(candidates, { method: 'POST', body }));
    const entity = { LegalEntityId: 'no09', Name: 'Nordlys Ni' };
    expect((await server.data('LegalEntities', { method: 'POST', body: entity })).status).toBe(201);
    // Requests of a company count by themselves, and nobody has drawn from this one.
    const request = {
      mshr_dataareaid: 'no09',
      mshr_description: 'Kaptein',
      mshr_jobid: 'Project Manager',
      mshr_status: 200_000_005,
      mshr_estimatedstartdate: '2027-01-01',
    };
    const requested = Array.from({ length: 6 }, () =>
      server.api(requests, { method: 'POST', as: 'admin', body: request }),
    );
    for (const answer of await Promise.all(requested)) createdId(answer);
    const mine = `${requests}?$filter=mshr_dataareaid eq 'no09'&$select=mshr_recruitingrequestid`;
    const numbers = rowsOf(await server.api(mine, { as: 'admin' })).map((row) => row['mshr_recruitingrequestid']);
    expect([numbers.length, new Set(numbers).size, numbers.every((each) => /^NO09-0{3}/.test(String(each)))]).toEqual([
      6,
      6,
      true,
    ]);
    await asOwner(database, 'select 1 / count(*) from env_nordlys.portvakt_counter');
    const row = `${candidates}(${id})`;
    expect((await server.api(row, { method: 'PATCH', body: { mshr_firstname: 'Sol' } })).status).toBe(204);
    expect((await server.api(row, { method: 'DELETE', as: 'admin' })).status).toBe(204);
    expect((await server.api(candidates, { as: 'roleless' })).status).toBe(403);
    expect((await administer(server, 'audit')).status).toBe(200);
  });

  test('cannot make tables or environments, and says who can', async () => {
    const label = { LocalizedLabels: [{ Label: 'Bank', LanguageCode: 1033 }] };
    const table = {
      SchemaName: 'new_Bank',
      DisplayName: label,
      DisplayCollectionName: label,
      OwnershipType: 'OrganizationOwned',
      HasNotes: false,
      HasActivities: false,
      Attributes: [
        {
          '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
          SchemaName: 'new_Name',
          IsPrimaryName: true,
          MaxLength: 100,
          DisplayName: label,
        },
      ],
    };
    const refused = await server.api('EntityDefinitions', { as: 'admin', method: 'POST', body: table });
    expect([refused.status, errorOf(refused).message]).toEqual([
      409,
      expect.stringMatching(new RegExp(`role ${limited} may change rows only.+URL of the owner`)),
    ]);
    const order = { tenantId: server.env.TENANT_ID, administratorClientId: server.env.ADMIN_CLIENT_ID };
    const made = await administer(server, 'environments', {
      method: 'POST',
      body: { ...order, uniqueName: 'second', name: 'Second' },
    });
    expect(adminErrorOf(made)).toMatchObject({ status: 409, code: 'databaseRoleLimited' });
    expect((await server.api(candidates)).status).toBe(200);
  });

  test('is sent to the owner when a version needs other tables, and serves after `portvakt migrate`', async () => {
    await running.close();
    await asOwner(database, "update env_nordlys.portvakt_setting set value = 'older' where name = 'schema hash'");
    await expect(start()).rejects.toThrow(
      new RegExp(
        `schema \`env_nordlys\`.+role ${limited} may change rows only: run \`portvakt migrate\` with the owner's`,
      ),
    );
    const flags = ['--data', place.dataFolder, '--database-url', urlFor(owner, database)];
    expect(await run(['migrate', ...flags])).toMatchObject({ code: exitCodes.ok });
    running = await start();
    server = await connect(running.url, place.dataFolder);
    expect((await server.api(candidates)).status).toBe(200);
    const backup = join(place.dataFolder, 'one.backup');
    expect(await run(['backup', '--out', backup, ...flags])).toMatchObject({ code: exitCodes.ok });
  });
});

test('default privileges, as the docs write them, let it into what an owner without other rights makes', async () => {
  const place = await newPlace('postgres');
  const database = place.database as TestDatabase;
  const name = new URL(database.url).pathname.slice(1);
  await database.run(`alter database ${name} owner to ${owner}`);
  await expect(startServer(parseConfig(settingsOf(place, limited)), silentLog)).rejects.toThrow(
    new RegExp(`it is not there, and the role ${limited} may not make it: run \`portvakt init\``),
  );
  await asOwner(
    database,
    `alter default privileges grant usage on schemas to ${limited};
     alter default privileges grant select, insert, update, delete on tables to ${limited};
     alter default privileges grant usage on sequences to ${limited};`,
  );
  const made = { ...settingsOf(place, owner), PORTVAKT_SEED: 'empty' };
  expect(await run(['init'], made)).toMatchObject({ code: exitCodes.ok });
  const server = await startServer(parseConfig({ ...settingsOf(place, limited), PORTVAKT_SEED: 'empty' }), silentLog);
  await server.close();
  await database.drop();
  await rm(place.dataFolder, { recursive: true });
});
