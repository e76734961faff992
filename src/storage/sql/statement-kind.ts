import type { StatementKind } from '../../kernel/probe.ts';

const kinds: Readonly<Record<string, StatementKind>> = {
  select: 'read',
  insert: 'write',
  update: 'write',
  delete: 'write',
};

/** What a statement does, by its first word. `with` may begin any: ours read. */
export function kindOfStatement(text: string): StatementKind {
  const word = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase() ?? '';
  return word === 'with' ? 'read' : (kinds[word] ?? 'other');
}
