import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bank, label, nameColumn, typed } from '../definitions/change/apply.ts';
import { batchHeaders, readBatch, writeBatch } from '../support/batch.ts';
import { engines } from '../support/database.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const column = (type: string, name: string, more: object = {}): object => ({
  '@odata.type': typed(`${type}AttributeMetadata`),
  SchemaName: `new_${name}`,
  DisplayName: label(name),
  ...more,
});
const options = { Options: [1, 2].map((value) => ({ Value: value, Label: label(`No ${value}`) })) };
const table = {
  ...bank,
  Attributes: [
    nameColumn,
    column('Memo', 'Memo', { MaxLength: 100 }),
    column('Integer', 'Int'),
    column('BigInt', 'Big'),
    column('Decimal', 'Dec', { Precision: 10 }),
    column('Double', 'Dbl', { Precision: 5 }),
    column('Money', 'Money', { Precision: 4 }),
    column('DateTime', 'When', { Format: 'DateAndTime' }),
    column('DateTime', 'Day', { Format: 'DateOnly', DateTimeBehavior: { Value: 'DateOnly' } }),
    column('Boolean', 'Bool'),
    column('Picklist', 'Pick', { OptionSet: options }),
    column('MultiSelectPicklist', 'Multi', { OptionSet: options }),
  ],
};

const tooLong = JSON.stringify('x'.repeat(101));
/** JSON as it is sent, which nothing of this test's own may read first; all that any column is given. */
const values: readonly string[] = [
  'null true false "" "a\\u0000b" "\\ud800" "\\udc00\\ud800" "\\ud83d\\ude00" "\\uffff" "\\u0001" [] {} [1] {"__proto__":1}',
  '0 -0 -0.0 1 1.0 1e2 1.5 1e308 1e309 -1e400 1e-400 1e999999999 1e-999999999 0.00005 0.0000000001',
  '2147483647 2147483648 -2147483649 922337203 922337204 -922337204 9007199254740993 99999999999.9999999999',
  '9223372036854775807 9223372036854775808 -9223372036854775808 100000000000 100000000001',
  '"0001-01-01T00:00:00Z" "0001-01-01T00:00:00+14:00" "9999-12-31T23:59:59-14:00" "0000-01-01" "10000-01-01" "2024-02-30"',
  '"2024-02-29" "2024-02-29T23:59:60Z" "2024-01-01T24:00:00Z" "2024-01-01T00:00:00.999999999999Z" "infinity" "now" "NaN"',
  '"1" "1,2" "2,9" "," "__proto__" "constructor" "00000000-0000-0000-0000-000000000000"',
]
  .join(' ')
  .split(' ')
  .concat([tooLong, `"${'\\ud83d\\ude00'.repeat(50)}"`]);

/** What a decimal of less digits takes. */
const numbers =
  'null 0 -0=0 -0.0=0 1 1.0=1 1e2=100 1.5 1e-400=0 1e-999999999=0 2147483647 2147483648 -2147483649 922337203 922337204 -922337204 99999999999.9999999999=100000000000 100000000000';
/** Texts that can be stored: without NUL and half a character, and as long as the column at most. */
const refusedTexts: readonly string[] = ['"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"', tooLong];
const texts = ['null', ...values.filter((value) => value.startsWith('"') && !refusedTexts.includes(value))].join(' ');

/** What each column takes of them, with what it then holds where that is something else. All others are refused with 400. */
const taken: Readonly<Record<string, string>> = {
  new_int: 'null 0 -0=0 1 2147483647 922337203 922337204 -922337204',
  new_big:
    'null 0 -0=0 1 2147483647 2147483648 -2147483649 922337203 922337204 -922337204 9007199254740993 9223372036854775807 -9223372036854775808 100000000000 100000000001',
  // Ten digits after the point: beyond 922337203 it could not be kept.
  new_dec: 'null 0 -0=0 -0.0=0 1 1.0=1 1e2=100 1.5 1e-400=0 1e-999999999=0 0.00005 0.0000000001 922337203',
  new_dbl: `${numbers} 0.00005 0.0000000001=0`,
  new_money: `${numbers} 0.00005=0.0001 0.0000000001=0`,
  new_when:
    'null "0001-01-01T00:00:00Z" "2024-02-29"="2024-02-29T00:00:00Z" "2024-01-01T00:00:00.999999999999Z"="2024-01-01T00:00:00Z"',
  new_day: 'null "0001-01-01T00:00:00Z"="0001-01-01" "2024-02-29" "2024-01-01T00:00:00.999999999999Z"="2024-01-01"',
  new_bool: 'null true false',
  new_pick: 'null 1',
  new_multi: 'null "1" "1,2"',
  new_name: texts,
  new_memo: texts,
};

describe.each(engines)('hostile values on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
    const made = await server.api('EntityDefinitions', { as: 'admin', method: 'POST', body: table });
    if (made.status !== 204) throw new Error(`no table: ${made.status} ${made.text}`);
  });
  afterAll(() => server.close());

  test.each(Object.keys(taken))('%s', async (name) => {
    const parts = values.map((value) => ({
      method: 'POST',
      url: 'new_banks',
      headers: { prefer: 'return=representation' },
      body: `{"${name}":${value}}`,
    }));
    const answer = await server.api('$batch', {
      as: 'admin',
      method: 'POST',
      headers: { ...batchHeaders(), prefer: 'odata.continue-on-error' },
      body: writeBatch(parts),
    });
    const property = new RegExp(`"${name}":("(?:[^"\\\\]|\\\\.)*"|[^,}]+)`);
    const held: string[] = [];
    readBatch(answer).forEach((each, at) => {
      const value = values[at] ?? '';
      if (!('status' in each)) throw new Error('a change set');
      if (each.status !== 201) {
        expect([value, each.status]).toEqual([value, 400]);
        return;
      }
      // Decimals come with all digits of their scale.
      const raw = (property.exec(each.text)?.[1] ?? '').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
      held.push(isSame(raw, value) ? value : `${value}=${raw}`);
    });
    expect(held.sort()).toEqual(taken[name]?.split(' ').sort());
  });
});

/** Characters may be written out or not; numbers are compared as they are written, since doubles would lose digits. */
const isSame = (one: string, other: string): boolean =>
  one === other || (one.startsWith('"') && other.startsWith('"') && JSON.parse(one) === JSON.parse(other));
