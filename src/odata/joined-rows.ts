import type { SingleNavigation } from '../metadata/table.ts';
import type { AggregateFunction, Join, Source } from './flat-query.ts';
import { type Place, refuse } from './problems.ts';

/** Collects the joins that paths through lookups need, each once. */
export class JoinedRows {
  readonly #joins: Join[] = [];
  readonly #known = new Map<string, Source>();

  get joins(): readonly Join[] {
    return this.#joins;
  }

  /** The row that lookups lead to from the query's own row. Rows without one have no values there. */
  sourceOf(through: readonly SingleNavigation[]): Source {
    let source = 0;
    let name = '';
    for (const { name: step, column, target } of through) {
      name += `/${step}`;
      const known = this.#known.get(name);
      if (known === undefined) {
        const to = { source, column };
        source = this.#joins.push({ kind: 'outer', table: target, column: target.primaryKey, to });
        this.#known.set(name, source);
      } else source = known;
    }
    return source;
  }
}

const numbers: readonly string[] = ['Integer', 'BigInt', 'Decimal'];
const unordered: readonly string[] = ['Guid', 'Lookup', 'Boolean', 'Choices'];

/** Refuses aggregates that mean nothing for a column's type. */
export function checkAggregate(
  name: string,
  of: AggregateFunction,
  { type }: { readonly type: string },
  place: Place,
): void {
  const isNumeric = of === 'sum' || of === 'average';
  const isOrdered = of === 'min' || of === 'max';
  if ((isNumeric && !numbers.includes(type)) || (isOrdered && unordered.includes(type))) {
    throw refuse.aggregateType(name, type, place);
  }
}

/** Rows that go into the groups of one query (dataverse-web-api 4.10). */
export const maxAggregateRows = 50_000;
/** Columns and aggregates in one query. */
export const maxOutputs = 100;
