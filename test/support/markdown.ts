/** A fenced block of a Markdown page. */
interface Fence {
  /** Word after the fence: `sh`, `text`, `console`, or empty. */
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** Fenced blocks in order. Throws when one is not closed: the rest of the page would silently be no command. */
function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const language = /^```(\S*)\s*$/.exec(line)?.[1];
    if (language === undefined) open?.lines.push(line);
    else if (open === undefined) open = { language, line: index + 1, lines: [] };
    else {
      fences.push({ language: open.language, line: open.line, text: open.lines.join('\n') });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`the block that begins at line ${open.line} is not closed`);
  return fences;
}

/** A block of commands, and what they print where the page tells it. */
export interface Commands {
  readonly script: string;
  readonly line: number;
  /** The `text` block that is next on the page; `…` in it stands for anything. */
  readonly output: string | undefined;
}

/** The `sh` blocks of a page. */
export function commandsOf(markdown: string): readonly Commands[] {
  const fences = fencesOf(markdown);
  return fences.flatMap(({ language, text, line }, index): Commands[] => {
    if (language !== 'sh') return [];
    const next = fences[index + 1];
    return [{ script: text, line, output: next?.language === 'text' ? next.text : undefined }];
  });
}

/** The page without its fenced blocks. */
const proseOf = (markdown: string): string => markdown.replace(/^```[^\n]*\n.*?^```$/gms, '');

/** Does `actual` have the form of `expected`? `…` is anything in a line; a line of nothing else is any number of lines. */
export function hasForm(actual: string, expected: string): boolean {
  const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = expected
    .trim()
    .split('\n')
    .map((line) => (line.trim() === '…' ? '(?:[^\\n]*\\n)*' : `${line.split('…').map(quoted).join('[^\\n]*')}\\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${actual.trim()}\n`);
}

/** Targets of the page's inline links, outside code. */
export function linksOf(markdown: string): readonly string[] {
  const prose = proseOf(markdown).replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The names under which headings can be linked to, as GitHub makes them. */
export const headingsOf = (markdown: string): readonly string[] =>
  [...proseOf(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
