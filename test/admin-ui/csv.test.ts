import { describe, expect, test } from 'vitest';
import type { Column } from '../../admin-ui/src/components/data-list/column.ts';
import { csvOf } from '../../admin-ui/src/components/data-list/csv.ts';
import { english } from '../../admin-ui/src/i18n/en.ts';
import { norwegian } from '../../admin-ui/src/i18n/nb.ts';
import { createLocale } from '../../admin-ui/src/i18n/translate.ts';

interface Row {
  readonly name: string;
  readonly amount: number;
}

const columns: readonly Column<Row>[] = [
  { id: 'name', title: 'Name', value: (row) => row.name },
  { id: 'amount', title: 'Amount', kind: 'number', value: (row) => row.amount },
];
const en = createLocale('en', english);

/** The first cell as it stands in the file. */
const cellOf = (name: string): string | undefined =>
  /^"((?:[^"]|"")*)"/m.exec(
    csvOf(columns, [{ name, amount: 1 }], en)
      .split('\r\n')
      .slice(1)
      .join('\r\n'),
  )?.[1];

describe('files of comma-separated values', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['=HYPERLINK("http://x","y")', `'=HYPERLINK(""http://x"",""y"")`],
    ['+47 22 33 44 55', "'+47 22 33 44 55"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['\n=1', "'\n=1"],
    ['  =1', "'  =1"],
    ['＝1', "'＝1"],
    ['＠SUM', "'＠SUM"],
  ])('%j is no formula there', (text, written) => expect(cellOf(text)).toBe(written));

  test.each([['-5'], ['+5'], ['-1.25'], ['a=b'], ['Ola "Nordmann", jr'], ['ÆØÅ']])('%j stays as it is', (text) =>
    expect(cellOf(text)).toBe(text.replaceAll('"', '""')),
  );

  test('each language has its separator and numbers; the mark says that it is UTF-8', () => {
    const rows = [{ name: 'Ås', amount: -1234.5 }];
    expect(csvOf(columns, rows, en)).toBe('\uFEFF"Name","Amount"\r\n"Ås","-1,234.5"\r\n');
    expect(csvOf(columns, rows, createLocale('nb', norwegian))).toBe(
      '\uFEFF"Name";"Amount"\r\n"Ås";"\u22121\u00A0234,5"\r\n',
    );
  });
});
