import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { english } from '../../admin-ui/src/i18n/en.ts';
import type { Message } from '../../admin-ui/src/i18n/message.ts';
import { norwegian } from '../../admin-ui/src/i18n/nb.ts';
import { createLocale } from '../../admin-ui/src/i18n/translate.ts';

const source = join(import.meta.dirname, '..', '..', 'admin-ui', 'src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const texts: Readonly<Record<string, Message>> = english;
const translated: Readonly<Record<string, Message>> = norwegian;

const formsOf = (message: Message | undefined): readonly string[] =>
  message === undefined ? [] : typeof message === 'string' ? [message] : [message.one, message.other];
const valuesOf = (message: Message | undefined): readonly string[] =>
  [...new Set(formsOf(message).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

describe('texts of the web app', () => {
  test('both languages have the same keys, and none is empty', () => {
    expect(Object.keys(translated).sort()).toEqual(Object.keys(texts).sort());
    const empty = [...Object.entries(texts), ...Object.entries(translated)].filter(([, message]) =>
      formsOf(message).some((form) => form.trim() === ''),
    );
    expect(empty).toEqual([]);
  });

  test('both languages fill in the same values', () => {
    const different = Object.keys(texts).filter(
      (key) => valuesOf(texts[key]).join() !== valuesOf(translated[key]).join(),
    );
    expect(different).toEqual([]);
  });

  test('no text is unused', () => {
    const code = files
      .filter((file) => !/^i18n[\\/](en|nb)[\\/]/.test(file))
      .map((file) => readFileSync(join(source, file), 'utf8'))
      .join('\n');
    expect(Object.keys(texts).filter((key) => !code.includes(`'${key}'`))).toEqual([]);
  });

  test('Norwegian texts are no copies of English ones, but for names and words that are alike', () => {
    const alike = /^[\w\s().–-]{0,24}$/;
    const copies = Object.keys(texts).filter(
      (key) => JSON.stringify(texts[key]) === JSON.stringify(translated[key]) && !alike.test(String(texts[key])),
    );
    expect(copies).toEqual([]);
  });

  test('each language writes numbers, dates, order and numerals its own way', () => {
    const nb = createLocale('nb', norwegian);
    const en = createLocale('en', english);
    expect([nb.number(1234567.5), en.number(1234567.5)]).toEqual(['1\u00A0234\u00A0567,5', '1,234,567.5']);
    expect([nb.date('2026-03-05T12:00:00Z'), en.date('2026-03-05T12:00:00Z')]).toEqual(['05.03.2026', '05/03/2026']);
    expect(nb.t('list.count', { n: 1 })).toBe('1 rad');
    expect(nb.t('list.count', { n: 2500 })).toBe('2\u00A0500 rader');
    expect(['Åse', 'Zorro', 'Øst', 'Ærlig'].sort(nb.compare)).toEqual(['Zorro', 'Ærlig', 'Øst', 'Åse']);
  });

  test('the web app imports nothing of the server but types of the contract', () => {
    const imports = files.flatMap((file) =>
      [...readFileSync(join(source, file), 'utf8').matchAll(/^import (type )?[^;]*?from '([^']*\/src\/[^']+)'/gms)].map(
        ([, type, path = '']) => `${type ?? ''}${path.replace(/^(\.\.\/)+/, '')}`,
      ),
    );
    expect([...new Set(imports)]).toEqual(['type src/admin/contract.ts']);
  });
});
