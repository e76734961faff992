import type { Condition, PatternPart } from '../../odata/query.ts';
import { equalityKey } from '../text-key.ts';
import { equalityColumn, reference } from './names.ts';
import type { PlanBuilder, Render } from './plan-builder.ts';

/** A text that has the form of a pattern, from its first to its last character. */
export function buildLike(
  builder: PlanBuilder,
  { column, pattern }: Extract<Condition, { kind: 'like' }>,
  alias: string,
): Render {
  if (!column.isText) throw new TypeError(`\`${column.name}\` is not text`);
  builder.shape += `${column.name} like;`;
  const text = builder.parameter(builder.dialect.pattern(pattern.map(foldedPart)), 'text');
  return () => builder.dialect.matches(reference(alias, equalityColumn(column)), text());
}

/** Patterns are matched with keys of text, so they are brought to the same form. */
function foldedPart(part: PatternPart): PatternPart {
  switch (part.kind) {
    case 'text':
      return { ...part, text: equalityKey(part.text) };
    case 'among':
      return { ...part, ranges: part.ranges.map(([from, to]) => [equalityKey(from), equalityKey(to)] as const) };
    default:
      return part;
  }
}
