import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/database.ts';
import { bodyOf, query, rowsOf, type WireRow } from '../support/odata.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const skills = 'mshr_hcmrecruitingrequestskillentities';
const requests = 'mshr_hcmrecruitingrequestentities';
const formatted = 'OData.Community.Display.V1.FormattedValue';

describe.each(engines)('$apply over the Web API on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  const ask = (set: string, options: Record<string, string>, prefer?: string) =>
    server.api(`${set}?${query(options)}`, { as: 'admin', headers: prefer === undefined ? {} : { prefer } });
  const read = async (set: string, options: Record<string, string>): Promise<readonly WireRow[]> =>
    rowsOf(await ask(set, options));
  const apply = (set: string, text: string, more = {}) => read(set, { $apply: text, ...more });

  /** What groups of rows have in common -> how many there are. */
  function counted(rows: readonly WireRow[], name: string): Map<unknown, number> {
    const counts = new Map<unknown, number>();
    for (const row of rows) counts.set(row[name], (counts.get(row[name]) ?? 0) + 1);
    return counts;
  }

  test('counts rows in groups, in the shape of the real product', async () => {
    const all = await read(skills, { $select: 'mshr_skillid' });
    const expected = counted(all, 'mshr_skillid');
    const answer = await ask(skills, { $apply: 'groupby((mshr_skillid),aggregate($count as count))' });
    expect(answer.status).toBe(200);
    expect(answer.headers['portvakt-differs']).toBe('virtual-aggregate');
    const body = bodyOf(answer);
    expect(body['@odata.context']).toBe(`${server.url}/api/data/v9.2/$metadata#${skills}`);
    const groups = rowsOf(answer);
    expect(new Map(groups.map((row) => [row['mshr_skillid'], row['count']]))).toEqual(expected);
    expect(expected.size).toBeGreaterThan(2);
    expect(Object.keys(groups[0] ?? {})).toEqual(['mshr_skillid', 'count']);
  });

  test('formats what it gives, and leaves out what has no value', async () => {
    const [users] = await read('systemusers', { $apply: 'aggregate($count as n)' });
    const answer = await ask(
      'systemusers',
      {
        $apply:
          'groupby((accessmode,_parentsystemuserid_value,businessunitid),aggregate($count as n,createdon with max as last))',
      },
      `odata.include-annotations="${formatted}"`,
    );
    const groups = rowsOf(answer);
    expect(groups.reduce((sum, row) => sum + Number(row['n']), 0)).toBe(users?.['n']);
    for (const group of groups) {
      expect(group).not.toHaveProperty('_parentsystemuserid_value');
      expect(group[`n@${formatted}`]).toBe(String(group['n']));
      expect(typeof group[`accessmode@${formatted}`]).toBe('string');
      expect(typeof group[`_businessunitid_value@${formatted}`]).toBe('string');
      expect(String(group[`last@${formatted}`])).toMatch(/^\d+\/\d+\/\d+, /);
    }
  });

  test('groups by the rows that lookups lead to, filters before and sorts', async () => {
    const navigation = 'mshr_FK_RecruitingRequest_id';
    const some = await read(skills, {
      $select: 'mshr_skillid',
      $expand: navigation,
      $filter: "startswith(mshr_skillid,'c')",
    });
    const expected = counted(
      some.map((row) => (row[navigation] ?? {}) as WireRow),
      'mshr_recruitingrequestid',
    );
    const text = `filter(startswith(mshr_skillid,'c'))/groupby((${navigation}/mshr_recruitingrequestid),aggregate($count as n))`;
    const name = 'mshr_hcmrecruitingrequestentity_mshr_recruitingrequestid';
    const groups = await apply(skills, text, { $orderby: `${name} desc` });
    expect(new Map(groups.map((row) => [row[name], row['n']]))).toEqual(expected);
    expect(groups.map((row) => row[name])).toEqual([...expected.keys()].sort().reverse());
  });

  test('offers the next groups, each once', async () => {
    const text = 'groupby((mshr_skillid))';
    const all = await apply(skills, text);
    const found: WireRow[] = [];
    let next: string | undefined = `${skills}?${query({ $apply: text })}`;
    while (next !== undefined) {
      const answer = await server.api(next, { as: 'admin', headers: { prefer: 'odata.maxpagesize=2' } });
      found.push(...rowsOf(answer));
      const link: unknown = bodyOf(answer)['@odata.nextLink'];
      next = typeof link === 'string' ? link.slice(link.indexOf(skills)) : undefined;
    }
    expect(all.length).toBeGreaterThan(2);
    expect(found).toEqual(all);
  });

  test('gives one row for no rows', async () => {
    const none = "filter(mshr_recruitingrequestid eq 'nothing')";
    expect(await apply(requests, `${none}/aggregate($count as n,mshr_recruitingrequestid with max as last)`)).toEqual([
      { n: 0 },
    ]);
    expect(await apply(requests, `${none}/groupby((mshr_recruitingrequestid),aggregate($count as n))`)).toEqual([]);
  });
});
