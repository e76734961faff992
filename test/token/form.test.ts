import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBasic } from '../../src/token/basic.ts';
import { decodeFormText, parseForm } from '../../src/token/form.ts';

const parse = (text: string): Record<string, string> =>
  Object.fromEntries(
    parseForm({
      method: 'POST',
      url: '/',
      host: '',
      headers: { 'content-type': 'Application/X-WWW-Form-URLEncoded; charset=utf-8' },
      body: Buffer.from(text),
    }),
  );

describe('form', () => {
  test.each([
    { text: 'a=1&b=2', values: { a: '1', b: '2' } },
    { text: 'a=%7E%2F%2B%3D%26%25', values: { a: '~/+=&%' } },
    { text: 'a=~/=', values: { a: '~/=' } },
    { text: 'a=b+c%20d', values: { a: 'b c d' } },
    { text: 'a=%C3%B8', values: { a: 'ø' } },
    { text: '&a=1&&', values: { a: '1' } },
    { text: 'a=&b', values: {} },
    { text: '%61=1', values: { a: '1' } },
    { text: '__proto__=x', values: Object.fromEntries([['__proto__', 'x']]) },
  ])('$text', ({ text, values }) => {
    expect(parse(text)).toEqual(values);
  });

  test('what a client encodes is decoded to the same', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: 'grapheme' }), { maxKeys: 20 }),
        (values) => {
          expect(parse(new URLSearchParams(values).toString())).toEqual({ ...values });
        },
      ),
    );
  });

  test('Basic credentials that are encoded are decoded to the same', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: 'grapheme' }), (clientId, secret) => {
        const text = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
        expect(parseBasic(`Basic ${Buffer.from(text).toString('base64')}`)).toEqual({ clientId, secret });
      }),
    );
  });

  test.each(['%', '%4', '%GG', '%C3', '%ED%A0%80'])('%s cannot be decoded', (text) => {
    expect(decodeFormText(text)).toBeUndefined();
  });
});
