import { describe, expect, test } from 'vitest';
import { missingIn, proofsOf, rowsOfTables } from './support/proofs.ts';

const states = ['works', 'works differently', 'refused'];

/** Rows of the page's tables: feature, state, note, and the tests that prove it. */
const features = rowsOfTables('docs/features.md', 'feature').map(([name = '', state = '', , proof = '']) => ({
  ...{ name, state, proofs: proofsOf(proof) },
}));

describe('docs/features.md', () => {
  test('has many features, each once, in every state', () => {
    expect(features.length).toBeGreaterThan(80);
    expect(new Set(features.map(({ name }) => name)).size).toBe(features.length);
    expect(new Set(features.map(({ state }) => state))).toEqual(new Set(states));
  });

  test('names at least one test for each feature', () => {
    expect(features.filter(({ proofs }) => proofs.length === 0).map(({ name }) => name)).toEqual([]);
  });

  test('names tests that exist', () => {
    const missing = features.flatMap(({ name, proofs }) => missingIn(proofs).map((each) => `${name}: ${each}`));
    expect(missing).toEqual([]);
  });
});

/** Rows of its tables: threat, kind by STRIDE, what stands against it, and the tests that cover it. */
const threats = rowsOfTables('docs/threat-model.md', 'threat').map(([name = '', kind = '', , proof = '']) => ({
  ...{ name, kinds: kind.split(', '), proofs: proofsOf(proof) },
}));

describe('docs/threat-model.md', () => {
  test('has many threats, each once, of every kind', () => {
    expect(threats.length).toBeGreaterThan(40);
    expect(new Set(threats.map(({ name }) => name)).size).toBe(threats.length);
    expect(new Set(threats.flatMap(({ kinds }) => kinds))).toEqual(new Set(['S', 'T', 'R', 'I', 'D', 'E']));
  });

  test('names at least one test for each threat', () => {
    expect(threats.filter(({ proofs }) => proofs.length === 0).map(({ name }) => name)).toEqual([]);
  });

  test('names tests that exist', () => {
    const missing = threats.flatMap(({ name, proofs }) => missingIn(proofs).map((each) => `${name}: ${each}`));
    expect(missing).toEqual([]);
  });
});
