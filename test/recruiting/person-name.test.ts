import { expect, test } from 'vitest';
import { joinName } from '../../src/recruiting/person-name.ts';

const ola = { first: 'Ola', middle: 'Johan', prefix: 'von', last: 'Nordmann' };

test.each([
  { sequence: 'FirstMiddleLast', parts: ola, expected: 'Ola Johan von Nordmann' },
  { sequence: '', parts: ola, expected: 'Ola Johan von Nordmann' },
  { sequence: 'nonsense', parts: ola, expected: 'Ola Johan von Nordmann' },
  { sequence: 'Comma', parts: ola, expected: 'Ola Johan von Nordmann' },
  { sequence: 'FirstLast', parts: ola, expected: 'Ola von Nordmann' },
  { sequence: 'LastFirstMiddle', parts: ola, expected: 'von Nordmann Ola Johan' },
  { sequence: 'LastCommaFirst', parts: ola, expected: 'von Nordmann, Ola' },
  { sequence: 'LastCommaFirst', parts: { ...ola, first: '' }, expected: 'von Nordmann' },
  { sequence: 'LastCommaFirst', parts: { ...ola, last: '', prefix: '' }, expected: 'Ola' },
  { sequence: 'LastCommaFirstLastPrefix', parts: ola, expected: 'Nordmann, Ola von' },
  { sequence: 'FirstMiddleLast', parts: { ...ola, middle: '', prefix: '' }, expected: 'Ola Nordmann' },
  { sequence: 'firstmiddlelast', parts: { ...ola, middle: ' ', last: '', prefix: '' }, expected: 'Ola' },
])('$sequence of $parts gives $expected', ({ sequence, parts, expected }) => {
  expect(joinName(parts, sequence)).toBe(expected);
});
