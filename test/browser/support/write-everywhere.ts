import { builtInModel } from '../../../src/metadata/built-in.ts';
import type { Column, Table } from '../../../src/metadata/table.ts';
import type { TestServer } from '../../support/server-on.ts';

/** Rows of a table whose texts are written. Among those of the platform some may not be changed, such as managed roles. */
const rowsOf = (table: Table): number => (table.kind === 'native' ? 12 : 2);

/** A field of a row that can be written by itself. */
interface Place {
  readonly path: string;
  readonly member: string;
  readonly token: string;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Writes a text into every text field of rows of every surface: tables of the integration, of the platform, of Human
 * Resources' administration, app registrations. Fields that refuse it, such as references and fixed keys, are left out.
 * @returns which fields took it, as `table.field`
 */
export async function writeEverywhere(server: TestServer, text: string): Promise<ReadonlySet<string>> {
  const model = builtInModel();
  const api = { root: '/api/data/v9.2/', token: await server.token('admin') };
  const data = { root: '/data/', token: await server.token('admin', `${server.url}/data/.default`) };
  const taken = new Set<string>();
  for (const table of model.tables) {
    const surface = table.kind === 'administration' ? data : api;
    for (const row of await readRows(server, `${surface.root}${table.entitySetName}`, surface.token, rowsOf(table))) {
      const path = pathOf(surface.root, table, row);
      for (const { name } of textsOf(table)) {
        const place = { path, member: name, token: surface.token };
        if (path !== undefined && (await writes(server, { ...place, path }, text)))
          taken.add(`${table.logicalName}.${name}`);
      }
    }
  }
  for (const name of await writeApplications(server, text)) taken.add(name);
  return taken;
}

const textsOf = (table: Table): readonly Column[] =>
  [...table.column.values()].filter(({ type, access }) => type === 'String' && access === 'read-write');

async function readRows(server: TestServer, path: string, token: string, most = 3): Promise<readonly Json[]> {
  const answer = await server.ask(`${path}?$top=${most}`, { token });
  if (answer.status !== 200) return [];
  return (answer.json() as { value: readonly Json[] }).value;
}

/** Administration rows are found by the address in `@odata.id` or their keys; the others by their id. */
function pathOf(root: string, table: Table, row: Json): string | undefined {
  if (table.kind !== 'administration') return `${root}${table.entitySetName}(${row[table.primaryKey.name]})`;
  const keys = table.naturalKey.map(
    ({ name }) => `${name}='${encodeURIComponent(String(row[name]).replaceAll("'", "''"))}'`,
  );
  return keys.length === 0 ? undefined : `${root}${table.entitySetName}(${keys.join(',')})`;
}

async function writes(server: TestServer, { path, member, token }: Place, text: string): Promise<boolean> {
  const answer = await server.ask(path, { method: 'PATCH', token, body: { [member]: text } });
  return answer.status === 204 || answer.status === 200;
}

async function writeApplications(server: TestServer, text: string): Promise<readonly string[]> {
  const token = await server.token('admin', 'https://graph.microsoft.com/.default');
  const taken: string[] = [];
  for (const { id } of await readRows(server, '/v1.0/applications', token)) {
    for (const member of ['displayName', 'description', 'notes']) {
      if (await writes(server, { path: `/v1.0/applications/${id}`, member, token }, text))
        taken.push(`application.${member}`);
    }
  }
  return taken;
}
