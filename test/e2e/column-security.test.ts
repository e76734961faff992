import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { label, nameColumn, typed } from '../definitions/change/apply.ts';
import { engines } from '../support/database.ts';
import { errorOf, query } from '../support/odata.ts';
import { type Member, privilegesOn, SecurityWorld } from '../support/security-world.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

const administratorProfile = '572329c1-a042-4e22-be47-367c6374ea45';

describe.each(engines)('column security, on %s', { timeout: patience * 60_000 }, (engine) => {
  let server: EmptyServer;
  let world: SecurityWorld;
  /** May do everything with rows. */
  let anna: Member;
  let team: string;
  let profile: string;
  let permission: string;
  let row: string;

  const secretColumn = {
    '@odata.type': typed('StringAttributeMetadata'),
    SchemaName: 'new_Secret',
    DisplayName: label('Secret'),
    IsSecured: true,
  };
  const amount = {
    '@odata.type': typed('IntegerAttributeMetadata'),
    SchemaName: 'new_Amount',
    DisplayName: label('Amount'),
  };
  const attribute = (name: string) => `EntityDefinitions(LogicalName='new_file')/Attributes(LogicalName='${name}')`;

  beforeAll(async () => {
    server = await startEmptyServer(engine);
    world = await SecurityWorld.open(server);
    await world.addTable('new_File', { Attributes: [nameColumn, secretColumn, amount] });
    anna = await world.addUser('Anna');
    const seeing = { prvReadUser: 'global', prvReadTeam: 'global' } as const;
    await world.giveRole(anna, await world.addRole('Files', { ...seeing, ...privilegesOn('new_File', 'global') }));
    team = await world.addTeam('Trusted');
    for (const [name, secret, number] of [
      ['a', 'alpha', 3],
      ['b', 'beta', 1],
      ['c', null, 2],
    ] as const) {
      const id = await world.create('admin', 'new_files', { new_name: name, new_secret: secret, new_amount: number });
      if (name === 'a') row = id;
    }
    profile = await world.create('admin', 'fieldsecurityprofiles', { name: 'Readers of secrets' });
    permission = await world.create('admin', 'fieldpermissions', {
      'fieldsecurityprofileid@odata.bind': `/fieldsecurityprofiles(${profile})`,
      entityname: 'new_file',
      attributelogicalname: 'new_secret',
    });
  });
  afterAll(() => server.close());

  const allow = (rights: Readonly<Record<string, 0 | 4>>) =>
    world.done('admin', `fieldpermissions(${permission})`, {
      method: 'PATCH',
      body: { canread: 0, cancreate: 0, canupdate: 0, ...rights },
    });
  const unlink = (path: string) => world.done('admin', `${path}/$ref`, { method: 'DELETE' });
  const ask = (options: Readonly<Record<string, string>>) => world.rows(anna, `new_files?${query(options)}`);
  const secretOf = async () => (await world.row(anna, `new_files(${row})?$select=new_secret`))['new_secret'];

  test('the definition says that a column is secured', async () => {
    expect(await world.row('admin', `${attribute('new_secret')}?$select=IsSecured,CanBeSecuredForRead`)).toMatchObject({
      IsSecured: true,
      CanBeSecuredForRead: true,
    });
    expect(await world.row('admin', `${attribute('createdon')}?$select=IsSecured,CanBeSecuredForRead`)).toMatchObject({
      IsSecured: false,
      CanBeSecuredForRead: false,
    });
  });

  test('a System Administrator reads and writes it', async () => {
    expect(await world.row('admin', `new_files(${row})?$select=new_secret`)).toMatchObject({ new_secret: 'alpha' });
    await world.done('admin', `new_files(${row})`, { method: 'PATCH', body: { new_secret: 'alpha' } });
  });

  describe('who has no permission', () => {
    test('reads null, in a list, a row, an expand, a related row, a single property and a representation', async () => {
      expect(
        (await ask({ $select: 'new_name,new_secret', $orderby: 'new_name' })).map((each) => each['new_secret']),
      ).toEqual([null, null, null]);
      expect(await secretOf()).toBeNull();
      expect((await world.send(anna, `new_files(${row})/new_secret`)).status).toBe(204);
      const users = await world.rows(
        anna,
        `systemusers?${query({ $select: 'fullname', $expand: 'new_file_createdby($select=new_secret)' })}`,
      );
      const files = users.flatMap((user) => user['new_file_createdby'] as Record<string, unknown>[]);
      expect(files).toHaveLength(3);
      expect(files.map((each) => each['new_secret'])).toEqual([null, null, null]);
      const changed = await world.send(anna, `new_files(${row})?$select=new_secret`, {
        method: 'PATCH',
        body: { new_amount: 3 },
        headers: { prefer: 'return=representation' },
      });
      expect(changed.json()).toMatchObject({ new_secret: null });
    });

    test.each([
      "new_secret eq 'alpha'",
      "startswith(new_secret,'al')",
      "contains(new_secret,'e')",
      "new_secret in ('alpha','beta')",
      'new_secret ne null',
      "new_secret gt 'a'",
      'new_secret eq new_name',
    ])('finds nothing by it: %s', async ($filter) => {
      expect(await ask({ $filter, $select: 'new_name' })).toEqual([]);
      expect((await world.send(anna, `new_files/$count?${query({ $filter })}`)).text).toBe('0');
    });

    test('finds all rows where it is asked to be absent, and by no lambda or link more', async () => {
      expect(await ask({ $filter: 'new_secret eq null', $select: 'new_name' })).toHaveLength(3);
      expect(await ask({ $filter: "not(new_secret eq 'beta')", $select: 'new_name' })).toHaveLength(3);
      const through = (condition: string) =>
        world.rows(
          anna,
          `systemusers?${query({ $select: 'fullname', $filter: `new_file_createdby/any(f:f/${condition})` })}`,
        );
      expect(await through("new_secret eq 'alpha'")).toEqual([]);
      expect(await through("new_name eq 'a'")).toHaveLength(1);
    });

    test('learns nothing from an order, page by page', async () => {
      for (const direction of ['asc', 'desc']) {
        const found: unknown[] = [];
        let path: string | undefined =
          `new_files?${query({ $select: 'new_name', $orderby: `new_secret ${direction},new_name` })}`;
        while (path !== undefined) {
          const answer = await world.send(anna, path, { headers: { prefer: 'odata.maxpagesize=1' } });
          const body = answer.json() as { value: { new_name: string }[]; '@odata.nextLink'?: string };
          found.push(...body.value.map((each) => each.new_name));
          const next = body['@odata.nextLink'];
          path = next?.slice(next.indexOf('new_files'));
        }
        expect(found).toEqual(['a', 'b', 'c']);
      }
    });

    test('learns nothing from groups and FetchXML', async () => {
      expect(await ask({ $apply: 'groupby((new_secret),aggregate($count as n))' })).toEqual([{ n: 3 }]);
      expect(await ask({ $apply: 'filter(new_secret eq null)/aggregate($count as n)' })).toEqual([{ n: 3 }]);
      const fetch = (inner: string) => ask({ fetchXml: `<fetch><entity name="new_file">${inner}</entity></fetch>` });
      expect(
        await fetch(
          '<attribute name="new_name"/><filter><condition attribute="new_secret" operator="eq" value="alpha"/></filter>',
        ),
      ).toEqual([]);
      expect(
        (await fetch('<attribute name="new_secret"/><order attribute="new_name"/>')).map(
          (each) => each['new_secret'] ?? null,
        ),
      ).toEqual([null, null, null]);
      const named = await world.create('admin', 'new_files', { new_name: 'alpha' });
      const link = `<fetch><entity name="new_file"><attribute name="new_name"/><link-entity name="new_file" from="new_name" to="new_secret" alias="other"/></entity></fetch>`;
      const path = `new_files?${query({ fetchXml: link })}`;
      expect([await world.rows('admin', path), await world.rows(anna, path)]).toMatchObject([[{ new_name: 'a' }], []]);
      await world.done('admin', `new_files(${named})`, { method: 'DELETE' });
    });

    test('cannot write it, not even what is there', async () => {
      const create = await world.send(anna, 'new_files', { method: 'POST', body: { new_name: 'x', new_secret: 'y' } });
      expect(errorOf(create)).toEqual({
        status: 403,
        code: '0x8004f502',
        message: `The user with id ${anna.id} does not have create permission to the secured column 'new_secret' of entity new_file.`,
      });
      for (const secret of ['alpha', 'guess', null]) {
        const patch = { method: 'PATCH', body: { new_secret: secret } } as const;
        expect(errorOf(await world.send(anna, `new_files(${row})`, patch))).toMatchObject({
          status: 403,
          code: '0x8004f507',
        });
      }
      const property = await world.send(anna, `new_files(${row})/new_secret`, { method: 'DELETE' });
      expect(errorOf(property)).toMatchObject({ status: 403, code: '0x8004f507' });
    });

    test('finds no row by an alternate key of it', async () => {
      const key = { SchemaName: 'new_BySecret', DisplayName: label('By secret'), KeyAttributes: ['new_secret'] };
      await world.done('admin', "EntityDefinitions(LogicalName='new_file')/Keys", { method: 'POST', body: key });
      expect((await world.send('admin', "new_files(new_secret='alpha')")).status).toBe(200);
      expect((await world.send(anna, "new_files(new_secret='alpha')")).status).toBe(404);
      await world.done('admin', "EntityDefinitions(LogicalName='new_file')/Keys(LogicalName='new_bysecret')", {
        method: 'DELETE',
      });
    });
  });

  describe('a profile', () => {
    test('gives its users what it allows, at once, and takes it again', async () => {
      await world.link(`fieldsecurityprofiles(${profile})/systemuserprofiles_association`, `systemusers(${anna.id})`);
      await allow({ canread: 4 });
      expect(await secretOf()).toBe('alpha');
      expect(await ask({ $filter: "new_secret eq 'alpha'", $select: 'new_name' })).toMatchObject([{ new_name: 'a' }]);
      const patch = { method: 'PATCH', body: { new_secret: 'alpha' } } as const;
      expect((await world.send(anna, `new_files(${row})`, patch)).status).toBe(403);
      await allow({ canupdate: 4, cancreate: 4 });
      expect(await secretOf()).toBeNull();
      await world.done(anna, `new_files(${row})`, patch);
      const made = await world.create(anna, 'new_files', { new_name: 'made', new_secret: 'mine' });
      await world.done('admin', `new_files(${made})`, { method: 'DELETE' });
      await allow({ canread: 4 });
      await unlink(`systemusers(${anna.id})/systemuserprofiles_association(${profile})`);
      expect(await secretOf()).toBeNull();
    });

    test('counts for the members of its teams', async () => {
      await world.link(`teams(${team})/teamprofiles_association`, `fieldsecurityprofiles(${profile})`);
      expect(await secretOf()).toBeNull();
      await world.join(team, anna);
      expect(await secretOf()).toBe('alpha');
      await unlink(`teams(${team})/teamprofiles_association(${profile})`);
      expect(await secretOf()).toBeNull();
    });

    test('goes with its permissions and members', async () => {
      const other = await world.create('admin', 'fieldsecurityprofiles', { name: 'Other' });
      await world.create('admin', 'fieldpermissions', {
        'fieldsecurityprofileid@odata.bind': `/fieldsecurityprofiles(${other})`,
        entityname: 'new_file',
        attributelogicalname: 'new_secret',
        canread: 4,
      });
      await world.link(`fieldsecurityprofiles(${other})/systemuserprofiles_association`, `systemusers(${anna.id})`);
      expect(await secretOf()).toBe('alpha');
      await world.done('admin', `fieldsecurityprofiles(${other})`, { method: 'DELETE' });
      expect(await secretOf()).toBeNull();
      expect(await world.rows('admin', 'fieldpermissions?$select=entityname')).toHaveLength(1);
    });

    test('System Administrator is kept by the system', async () => {
      const path = `fieldsecurityprofiles(${administratorProfile})`;
      expect(await world.row('admin', `${path}?$select=name,ismanaged`)).toMatchObject({
        name: 'System Administrator',
        ismanaged: true,
      });
      const body = { '@odata.id': `${server.url}/api/data/v9.2/systemusers(${anna.id})` };
      for (const answer of [
        await world.send('admin', path, { method: 'PATCH', body: { name: 'x' } }),
        await world.send('admin', path, { method: 'DELETE' }),
        await world.send('admin', `${path}/systemuserprofiles_association/$ref`, { method: 'POST', body }),
      ]) {
        expect(errorOf(answer)).toMatchObject({ status: 405, code: '0x8004023b', message: /kept by the system/ });
      }
    });
  });

  describe('is refused', () => {
    test.each([
      ['a column that is not secured', 'new_file', 'new_amount', '0x80040203', /no secured column 'new_amount'/],
      ['a column that is not there', 'new_file', 'new_nothing', '0x80040203', /no secured column/],
      [
        'a column of a virtual table',
        'mshr_hcmjobentity',
        'mshr_jobid',
        '0x80044817',
        /not supported for virtual entities/,
      ],
    ])('as a permission on %s', async (_what, entityname, attributelogicalname, code, text) => {
      const bind = { 'fieldsecurityprofileid@odata.bind': `/fieldsecurityprofiles(${profile})` };
      const body = { ...bind, entityname, attributelogicalname };
      const answer = errorOf(await world.send('admin', 'fieldpermissions', { method: 'POST', body }));
      expect(answer).toMatchObject({ status: 400, code });
      expect(answer.message).toMatch(text);
    });

    test('on a column of a virtual table', async () => {
      const path = "EntityDefinitions(LogicalName='mshr_hcmjobentity')/Attributes(LogicalName='mshr_jobid')";
      const body = { '@odata.type': typed('StringAttributeMetadata'), IsSecured: true };
      expect(errorOf(await world.send('admin', path, { method: 'PUT', body }))).toMatchObject({
        status: 400,
        code: '0x80044817',
      });
    });

    test('on a column that the system keeps', async () => {
      const body = { '@odata.type': typed('DateTimeAttributeMetadata'), IsSecured: true };
      const answer = await world.send('admin', attribute('createdon'), { method: 'PUT', body });
      expect(errorOf(answer)).toMatchObject({ status: 400, code: '0x80040203' });
    });

    test('of who lacks the privileges on profiles', async () => {
      const answer = errorOf(await world.send(anna, 'fieldsecurityprofiles'));
      expect(answer).toMatchObject({ status: 403, code: '0x80040220' });
      const body = { '@odata.id': `${server.url}/api/data/v9.2/fieldsecurityprofiles(${profile})` };
      const self = `systemusers(${anna.id})/systemuserprofiles_association/$ref`;
      expect(errorOf(await world.send(anna, self, { method: 'POST', body }))).toMatchObject({ status: 403 });
    });
  });

  test('a column is opened and secured again; what was allowed is gone then', async () => {
    const body = { '@odata.type': typed('StringAttributeMetadata'), IsSecured: false };
    await world.done('admin', attribute('new_secret'), { method: 'PUT', body });
    expect(await secretOf()).toBe('alpha');
    expect(await world.rows('admin', 'fieldpermissions')).toEqual([]);
    await world.done('admin', attribute('new_secret'), { method: 'PUT', body: { ...body, IsSecured: true } });
    expect(await secretOf()).toBeNull();
  });
});
