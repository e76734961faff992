import type { DeclaredGap } from './urls/gaps.ts';

const sections = [
  { title: 'What the real product has', product: 'has it' },
  { title: 'What the real product refuses, too', product: 'refuses it, too' },
  { title: 'What the server answers without `parse`', product: 'is read by another part of the server' },
] as const;

/** `docs/odata-gaps.md`. */
export function gapsPage(gaps: readonly DeclaredGap[]): string {
  const tables = sections.map(({ title, product }) => {
    const rows = gaps
      .filter((gap) => gap.product === product)
      .map(({ what, of, problem }) => `| ${what} | ${of} | ${problem.replace(/(\w+)$/, '`$1`')} |`);
    return `## ${title}\n\n| what | described in | answer |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# What of the query language is missing

Each line is refused, with the position of what is not taken; none is passed over in silence. The list is data
(\`test/odata/urls/gaps.ts\`): a test sends an example of each line to the parser, and compares this page with it.
What Portvakt takes beyond the real product is in [differs.md](differs.md).

${tables.join('\n')}`;
}
