import { describe, expect, test } from 'vitest';
import { linkModel } from '../../src/metadata/model.ts';
import { ModelError } from '../../src/metadata/model-error.ts';
import type { Choice, ColumnDefinition, TableDefinition } from '../../src/metadata/table.ts';

const color: Choice = {
  name: 'color',
  label: 'Color',
  labelNb: 'Farge',
  options: [{ value: 1, name: 'Red', label: 'Red', labelNb: 'Rød' }],
};
const key = (name: string): ColumnDefinition => ({ name, label: name, type: 'Guid', access: 'read-only' });
const text = (name: string, more: Partial<ColumnDefinition> = {}): ColumnDefinition => ({
  name,
  label: name,
  type: 'String',
  access: 'read-write',
  ...more,
});
const ownerLookup: ColumnDefinition = {
  name: 'owner',
  label: 'Owner',
  type: 'Lookup',
  access: 'read-only',
  lookup: { target: 'person', navigation: 'owner', inverse: 'cars', resolvedFrom: { ownername: 'name' } },
};

function table(logicalName: string, code: number, columns: readonly ColumnDefinition[]): TableDefinition {
  return {
    logicalName,
    schemaName: logicalName,
    entitySetName: `${logicalName}s`,
    label: logicalName,
    kind: 'virtual',
    objectTypeCode: code,
    entityNumber: code,
    entityName: `${logicalName}entity`,
    purpose: 'A table of the test.',
    primaryKey: `${logicalName}id`,
    primaryName: 'name',
    naturalKey: ['name'],
    columns: [key(`${logicalName}id`), text('name'), ...columns],
  };
}

const person = table('person', 1, []);
const car = table('car', 2, [text('ownername'), text('brand', { maxLength: 10 }), ownerLookup]);
const carWith = (more: Partial<TableDefinition>, ...columns: readonly ColumnDefinition[]): TableDefinition => ({
  ...car,
  ...more,
  columns: [...car.columns, ...columns],
});
const carOwnedBy = (lookup: ColumnDefinition['lookup']): TableDefinition => ({
  ...car,
  columns: car.columns.map((column) => (column.name === 'owner' && lookup ? { ...column, lookup } : column)),
});

describe('linkModel', () => {
  const model = linkModel([person, car], [color]);

  test('joins tables by their lookups in both directions', () => {
    const owner = model.table.get('car')?.navigation.get('owner');
    const cars = model.table.get('person')?.navigation.get('cars');
    if (owner?.kind !== 'single' || cars?.kind !== 'collection') throw new Error('the navigation is missing');
    expect(owner.target === model.table.get('person')).toBe(true);
    expect(cars.target === model.table.get('car')).toBe(true);
    expect(cars.column === owner.column).toBe(true);
  });

  test('gives each column its table and its name on the wire', () => {
    const linked = model.table.get('car');
    for (const column of linked?.columns ?? []) expect(column.table === linked).toBe(true);
    expect([...(linked?.property.keys() ?? [])]).toEqual(['carid', 'name', 'ownername', 'brand', '_owner_value']);
  });

  test('does not change the definitions', () => {
    linkModel([Object.freeze(person), Object.freeze(car)], [color]);
    expect(car.columns[2]).toEqual(text('ownername'));
  });
});

describe('a broken definition is refused', () => {
  test.each<{ name: string; tables: readonly TableDefinition[]; message: string }>([
    {
      name: 'a table twice',
      tables: [person, person],
      message: 'table `person` is there twice',
    },
    {
      name: 'an entity set twice',
      tables: [person, { ...table('place', 3, []), entitySetName: 'persons' }],
      message: 'entity set `persons` is there twice',
    },
    {
      name: 'an object type code twice',
      tables: [person, { ...table('place', 3, []), objectTypeCode: 1 }],
      message: 'table `place`: object type code 1 belongs to `person`',
    },
    {
      name: 'an entity number twice',
      tables: [person, { ...table('place', 3, []), entityNumber: 1 }],
      message: 'table `place`: entity number 1 belongs to `person`',
    },
    {
      name: 'a virtual table without an entity number',
      tables: [person, (({ entityNumber, ...rest }) => rest)(table('place', 3, []))],
      message: 'table `place`: the entity number is missing',
    },
    {
      name: 'a column twice',
      tables: [person, carWith({}, text('brand'))],
      message: 'table `car`: column `brand` is there twice',
    },
    {
      name: 'an unknown target',
      tables: [car],
      message: 'table `car`, column `owner`: there is no table `person`',
    },
    {
      name: 'a navigation twice',
      tables: [person, carWith({}, { ...ownerLookup, name: 'driver', label: 'Driver' })],
      message: 'table `car`: navigation `owner` is there twice',
    },
    {
      name: 'an inverse that another lookup has',
      tables: [
        person,
        carWith(
          {},
          { ...ownerLookup, name: 'driver', lookup: { target: 'person', navigation: 'driver', inverse: 'cars' } },
        ),
      ],
      message: 'table `person`: navigation `cars` is there twice',
    },
    {
      name: 'an inverse named like a column',
      tables: [person, carOwnedBy({ target: 'person', navigation: 'owner', inverse: 'name' })],
      message: 'table `person`: navigation `name` is there twice',
    },
    {
      name: 'a lookup without a target',
      tables: [person, carWith({}, text('driver', { type: 'Lookup' }))],
      message: 'table `car`, column `driver`: `lookup` and the type `Lookup` go together',
    },
    {
      name: 'a lookup resolved from less than the business key',
      tables: [{ ...person, naturalKey: ['name', 'personid'] }, car],
      message: 'table `car`, column `owner`: `resolvedFrom` is not the business key of `person`',
    },
    {
      name: 'a lookup resolved from a column of another type',
      tables: [person, carOwnedBy({ target: 'person', navigation: 'owner', resolvedFrom: { carid: 'name' } })],
      message: 'table `car`, column `carid`: the type differs from that of `name`',
    },
    {
      name: 'a lookup resolved from an unknown column',
      tables: [person, carOwnedBy({ target: 'person', navigation: 'owner', resolvedFrom: { nick: 'name' } })],
      message: 'table `car`: there is no column `nick`',
    },
    {
      name: 'an unknown choice',
      tables: [person, carWith({}, text('shape', { type: 'Choice', choice: 'shapes' }))],
      message: 'table `car`, column `shape`: there is no choice `shapes`',
    },
    {
      name: 'a default that is no option',
      tables: [person, carWith({}, text('paint', { type: 'Choice', choice: 'color', default: 7 }))],
      message: 'table `car`, column `paint`: default `7` is no option of `color`',
    },
    {
      name: 'a default of another type',
      tables: [person, carWith({}, text('doors', { type: 'Integer', default: 'four' }))],
      message: 'table `car`, column `doors`: `four` is no default for the type `Integer`',
    },
    {
      name: 'a choice on a text column',
      tables: [person, carWith({}, text('paint', { choice: 'color' }))],
      message: 'table `car`, column `paint`: `choice` needs the type `Choice` or `Choices`',
    },
    {
      name: 'a sequence on a number',
      tables: [person, carWith({}, text('plate', { type: 'Integer', sequence: { prefix: '', digits: 5 } }))],
      message: 'table `car`, column `plate`: `sequence` needs the type `String`',
    },
    {
      name: 'a sequence per company without companies',
      tables: [person, carWith({}, text('plate', { sequence: { prefix: 'company', digits: 5 } }))],
      message: 'table `car`, column `plate`: a sequence per company needs a company column',
    },
    {
      name: 'a primary key of another type',
      tables: [{ ...person, primaryKey: 'name' }],
      message: 'table `person`, column `name`: a primary key is a Guid',
    },
    {
      name: 'an unknown primary name',
      tables: [{ ...person, primaryName: 'title' }],
      message: 'table `person`: there is no column `title`',
    },
    {
      name: 'an unknown company column',
      tables: [{ ...person, companyColumn: 'company' }],
      message: 'table `person`: there is no column `company`',
    },
    {
      name: 'an unknown indexed column',
      tables: [{ ...person, indexed: ['age'] }],
      message: 'table `person`: there is no column `age`',
    },
    {
      name: 'a mirror through a text column',
      tables: [person, carWith({ mirrors: [{ through: 'brand', columns: {} }] })],
      message: 'table `car`, column `brand`: a mirror goes through a lookup',
    },
    {
      name: 'a mirror of an unknown column',
      tables: [person, carWith({ mirrors: [{ through: 'owner', columns: { brand: 'age' } }] })],
      message: 'table `person`: there is no column `age`',
    },
    {
      name: 'a many-to-many relationship through an ordinary table',
      tables: [
        person,
        carWith({
          manyToMany: [
            {
              intersect: 'person',
              navigation: 'drivers',
              target: 'person',
              inverse: 'drives',
              ownColumn: 'personid',
              targetColumn: 'personid',
            },
          ],
        }),
      ],
      message: 'table `car`, navigation `drivers`: `person` is no intersect',
    },
  ])('$name', ({ tables, message }) => {
    expect(() => linkModel(tables, [color])).toThrow(new ModelError(message));
  });

  test('a choice twice', () => {
    expect(() => linkModel([person], [color, color])).toThrow(new ModelError('choice `color` is there twice'));
  });
});
