import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinObject, splitArray, splitObject } from '../../src/webapi/json-text.ts';

describe('JSON text', () => {
  test('splits into members whose values keep every digit', () => {
    const text = '{"a":1.500000,"b\\"":"x,}]\\\\","c":[1,{"d":"]"}],"e":null,"f":9223372036854775807}';
    expect(splitObject(text)).toEqual([
      { name: 'a', text: '1.500000' },
      { name: 'b"', text: '"x,}]\\\\"' },
      { name: 'c', text: '[1,{"d":"]"}]' },
      { name: 'e', text: 'null' },
      { name: 'f', text: '9223372036854775807' },
    ]);
    expect(joinObject(splitObject(text))).toBe(text);
  });

  test('of any object and array comes apart and together again', () => {
    const jsonText = fc.json({ maxDepth: 3 }).map((text) => JSON.stringify(JSON.parse(text)));
    fc.assert(
      fc.property(fc.array(jsonText), fc.dictionary(fc.string(), jsonText), (items, members) => {
        expect(splitArray(`[${items.join(',')}]`)).toEqual(items);
        const pairs = Object.entries(members).map(([name, text]) => ({ name, text }));
        expect(splitObject(joinObject(pairs))).toEqual(pairs);
      }),
      { seed: 20261123, numRuns: 300 },
    );
  });

  test('of nothing is nothing', () => {
    expect(splitObject('{}')).toEqual([]);
    expect(splitArray('[]')).toEqual([]);
  });
});
