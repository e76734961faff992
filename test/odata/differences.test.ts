import { expect, test } from 'vitest';
import { Differences, type FidelityRule, fidelityRules } from '../../src/odata/fidelity.ts';

const rules = Object.keys(fidelityRules) as FidelityRule[];

const headerOf = (used: readonly FidelityRule[]): string | undefined => {
  const differences = new Differences('extended');
  for (const rule of used) differences.use(rule);
  return differences.header;
};

test('an answer names the rules that it used, each once and in the order of their names', () => {
  expect(headerOf([])).toBeUndefined();
  for (const rule of rules) expect(headerOf([rule, rule])).toBe(rule);
  for (const one of rules) {
    for (const other of rules) {
      if (one !== other) expect(headerOf([one, other])).toBe([one, other].sort().join(', '));
    }
  }
  expect(headerOf(rules)).toBe([...rules].sort().join(', '));
});
