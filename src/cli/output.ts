import { styleText } from 'node:util';
import type { CliIo } from './cli-io.ts';
import type { Row } from './session.ts';

/** A column of a list: heading, and what stands in it. */
export type Column = readonly [heading: string, cell: (row: Row) => unknown];

/** Shows results: JSON where `--json` is given, else for people. */
export class Output {
  readonly #io: CliIo;
  readonly #isJson: boolean;

  constructor(io: CliIo, { isJson }: { readonly isJson: boolean }) {
    this.#io = io;
    this.#isJson = isJson;
  }

  /** A list, one row a line. */
  list(rows: readonly Row[], columns: readonly Column[]): void {
    if (this.#isJson) {
      this.json(rows);
      return;
    }
    const cells = rows.map((row) => columns.map(([, cell]) => cellText(cell(row))));
    const headings = columns.map(([heading]) => heading);
    const widths = headings.map((heading, index) =>
      Math.max(heading.length, ...cells.map((line) => line[index]?.length ?? 0)),
    );
    const line = (texts: readonly string[]): string =>
      texts
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd();
    const heading = line(headings);
    this.#io.out(`${this.#io.isTerminal ? styleText('bold', heading) : heading}\n`);
    for (const each of cells) this.#io.out(`${line(each)}\n`);
  }

  /** One thing: a line for each member. */
  show(members: Row): void {
    if (this.#isJson) {
      this.json(members);
      return;
    }
    const width = Math.max(...Object.keys(members).map((name) => name.length));
    for (const [name, value] of Object.entries(members)) this.#io.out(`${name.padEnd(width)}  ${cellText(value)}\n`);
  }

  /** What was done; `members` for programs. */
  done(sentence: string, members: Row = {}): void {
    if (this.#isJson) this.json(members);
    else this.#io.out(`${sentence}\n`);
  }

  json(value: unknown): void {
    this.#io.out(`${JSON.stringify(value, null, 2)}\n`);
  }
}

/** Control characters would act on the terminal: what a server sends is shown, not obeyed. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Text of a server, without what would act on the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '�');
}
