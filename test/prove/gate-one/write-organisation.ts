import { PrivilegeIndex } from '../../../src/dataverse/privilege-index.ts';
import { getColumn, getTable } from '../../../src/dataverse/security-rows.ts';
import { modelOf } from '../../../src/environment/live-model.ts';
import { getGuid, newGuid } from '../../../src/kernel/ids.ts';
import { builtInModel } from '../../../src/metadata/built-in.ts';
import { accessRightValues } from '../../../src/metadata/privileges.ts';
import type { Model } from '../../../src/metadata/table.ts';
import type { Value } from '../../../src/odata/query.ts';
import type { DatabaseLocation } from '../../../src/storage/database.ts';
import { openDatabase } from '../../../src/storage/open.ts';
import type { Organisation } from './organisation.ts';
import { securityRowsOf } from './product.ts';

/** Rows of these tables are the organisation's alone; of the others the environment's first ones stay. */
const emptied = ['new_account', 'principalobjectaccess', 'teammembership', 'teamroles'] as const;

/** Writes the organisation into a database that no server has open, past all rules, in the place of the one before. */
export async function writeOrganisation(location: DatabaseLocation, organisation: Organisation): Promise<void> {
  const base = builtInModel();
  const database = await openDatabase({
    tables: (definitions) => modelOf(definitions, base).tables,
    alphabet: 'nb',
    location,
  });
  try {
    const model = modelOf(database.opened.definitions, base);
    const known = await database.readAll(getTable(model, 'systemuser'));
    const clients = new Set(organisation.users.map(({ client }) => client));
    const applicationid = getColumn(getTable(model, 'systemuser'), 'applicationid');
    await database.maintain(async (rows) => {
      for (const name of emptied) {
        const table = getTable(model, name);
        for (const { id } of await rows.list(table, { kind: 'always' }, 100_000)) await rows.delete(table, id);
      }
      for (const { id, values } of known) {
        if (clients.has(String(values.get(applicationid)))) await rows.delete(getTable(model, 'systemuser'), id);
      }
      for (const [name, made] of Object.entries(securityRowsOf(model, new PrivilegeIndex(model), organisation))) {
        for (const row of made) await rows.insert(getTable(model, name), row.values);
      }
      for (const [name, values] of ownedRows(organisation))
        await rows.insert(getTable(model, name), valuesOf(model, name, values));
    });
  } finally {
    await database.close();
  }
}

type Values = Readonly<Record<string, Value>>;

function* ownedRows({ rows }: Organisation): Generator<readonly [string, Values]> {
  for (const { id, owner, unit, shares } of rows) {
    yield ['new_account', { new_accountid: id, new_name: id, ownerid: owner, owningbusinessunit: unit }];
    for (const { principal, verbs } of shares) {
      const accessrightsmask = verbs.reduce((sum, verb) => sum | accessRightValues[verb], 0);
      yield [
        'principalobjectaccess',
        {
          principalobjectaccessid: newGuid(),
          objectid: id,
          objecttypecode: 'new_account',
          principalid: principal,
          accessrightsmask,
        },
      ];
    }
  }
}

const valuesOf = (model: Model, name: string, values: Values) =>
  new Map(
    Object.entries(values).map(([column, value]) => [
      getColumn(getTable(model, name), column),
      typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value) ? getGuid(value) : value,
    ]),
  );
