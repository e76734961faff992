import { describe, expect, test } from 'vitest';
import { parseAuditText, parseRequestText } from '../../src/kernel/audit-text.ts';
import type { HttpRequest } from '../../src/kernel/http.ts';

const names = new Set([
  'mshr_firstname',
  'mshr_hcmpersonentity',
  'mshr_hcmpersonentities',
  'Microsoft.Dynamics.CRM.mshr_hcmpersonentity',
]);
const isName = (word: string): boolean => names.has(word);

const requestOf = (url: string, body = ''): HttpRequest => ({
  method: 'POST',
  url,
  host: 'localhost',
  headers: {},
  body: Buffer.from(body),
});

describe('a reason of ours', () => {
  test.each([
    {
      name: 'keeps ids',
      text: "Application with identifier 'f3b1d5a2-0000-4000-8000-000000000001' was not found in the directory 'fjordheim.example'.",
      kept: "Application with identifier 'f3b1d5a2-0000-4000-8000-000000000001' was not found in the directory 'fjordheim.example'.",
    },
    {
      name: 'keeps addresses',
      text: "The scope 'https://hr.example:8443/.default' is not valid",
      kept: "The scope 'https://hr.example:8443/.default' is not valid",
    },
    {
      name: 'keeps the name of a grant',
      text: "unsupported grant type 'urn:ietf:params:oauth:grant-type:jwt-bearer'.",
      kept: "unsupported grant type 'urn:ietf:params:oauth:grant-type:jwt-bearer'.",
    },
    {
      name: 'masks a secret in the place of an id',
      text: "Application with identifier '3qT~8Q+abc/def=ghi&jkl' was not found",
      kept: "Application with identifier '…' was not found",
    },
    {
      name: 'masks an address with a password or a query',
      text: "the issuer 'https://kari:pw@idp.example/x' was not reached",
      kept: "the issuer '…' was not reached",
    },
    {
      name: 'masks what looks like a token anywhere',
      text: 'got eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl and stopped',
      kept: 'got … and stopped',
    },
    {
      name: 'masks a value that holds quotation marks',
      text: "the value 'Kari 'Hemmelig' Nordmann' is not allowed for 'x'",
      kept: "the value '…'",
    },
    { name: 'is one line', text: 'first\nsecond\u2028third', kept: 'first second third' },
  ])('$name', ({ text, kept }) => {
    expect(parseAuditText(text)).toBe(kept);
  });

  test.each([
    { sent: 'Hemmelig~4711/.default', text: 'The scope Hemmelig~4711/.default is not valid.' },
    { sent: 'Hemmelig~4711/.default', text: 'The scope Hemmelig~4711 is not valid.' },
    { sent: 'openid Hemmelig~4711', text: 'The scope Hemmelig~4711 is not valid.' },
    { sent: 'Hemmelig~Å4711', text: 'The scope Hemmelig~?4711 is not valid.' },
  ])('masks what the client sent: $sent in $text', ({ sent, text }) => {
    expect(parseAuditText(text, undefined, [sent])).toBe('The scope … is not valid.');
  });

  test('keeps addresses that the client sent', () => {
    const text = 'The scope https://hr.example/.default is not valid.';
    expect(parseAuditText(text, undefined, ['https://hr.example/.default'])).toBe(text);
  });

  test('is cut', () => {
    expect(parseAuditText('a '.repeat(5000)).length).toBeLessThanOrEqual(1000);
  });
});

describe('a message about a request', () => {
  test.each([
    {
      name: 'masks a literal of the URL',
      request: requestOf("/api/data/v9.2/mshr_hcmpersonentities?$filter=mshr_firstname%20eq%20'Kari'%20foo"),
      text: "Syntax error at position 27 in 'mshr_firstname eq 'Kari' foo'.",
      kept: "Syntax error at position 27 in '…'.",
    },
    {
      name: 'masks a value that stands without quotation marks',
      request: requestOf('/x', '{"name":"Nordmann"}'),
      text: 'A role with the name Nordmann already exists in the business unit.',
      kept: 'A role with the … … already exists in the business unit.',
    },
    {
      name: 'masks a value that JSON wrote with escapes',
      request: requestOf('/x', '{"mshr_firstname":"\\u00c5se"}'),
      text: 'Field mshr_firstname has the value Åse.',
      kept: 'Field mshr_firstname has the value ….',
    },
    {
      name: 'masks a value that the URL wrote with escapes',
      request: requestOf('/x?$filter=mshr_firstname+eq+%27%C3%85se%27%'),
      text: 'Field mshr_firstname has the value Åse.',
      kept: 'Field mshr_firstname has the value ….',
    },
    {
      name: 'keeps names of the model and ids of rows',
      request: requestOf('/mshr_hcmpersonentities(f3b1d5a2-0000-4000-8000-000000000001)'),
      text: "Entity 'mshr_hcmpersonentity' With Id = f3b1d5a2-0000-4000-8000-000000000001 Does Not Exist",
      kept: "Entity 'mshr_hcmpersonentity' With Id = f3b1d5a2-0000-4000-8000-000000000001 Does Not Exist",
    },
    {
      name: 'keeps the name of a type with its dots',
      request: requestOf('/mshr_hcmpersonentities', '{"fornavn":1}'),
      text: "Invalid property 'fornavn' was found in entity 'Microsoft.Dynamics.CRM.mshr_hcmpersonentity'.",
      kept: "Invalid property '…'.",
    },
  ])('$name', ({ request, text, kept }) => {
    expect(parseRequestText(text, request, isName)).toBe(kept);
  });

  test('that is cut keeps no part of a word', () => {
    for (let length = 1950; length < 2010; length++) {
      const text = `${'ord '.repeat(length / 4)}${' '.repeat(length % 4)} Hemmeligsen er her`;
      const kept = parseRequestText(text, requestOf('/x', '{"name":"Hemmeligsen"}'), isName);
      expect(kept).not.toMatch(/Hemm/);
    }
  });

  test.each(["'", '"', "' ", "'x", "x'"])('of nothing but %j costs nothing', (piece) => {
    const text = piece.repeat(5000);
    const begin = performance.now();
    parseRequestText(text, requestOf('/x', text), isName);
    parseAuditText(text, isName, [text]);
    expect(performance.now() - begin).toBeLessThan(500);
  });

  test('of a very large body is not kept', () => {
    expect(parseRequestText('the value Kari', requestOf('/x', 'x'.repeat(300_000)), isName)).toBe('…');
  });
});
