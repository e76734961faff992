import { unreachable } from '../../kernel/unreachable.ts';
import type { FlatCondition, FlatQuery, Join, SourceColumn } from '../../odata/flat-query.ts';
import { buildCondition, type ColumnOf, compareColumnsSql } from './condition.ts';
import { reference } from './names.ts';
import type { PlanBuilder, Render } from './plan-builder.ts';

/** The joined rows of a flat query: an alias for each, and what to select from. */
export interface Sources {
  readonly aliases: readonly string[];
  readonly from: Render;
  readonly where: Render | undefined;
}

export function buildSources(builder: PlanBuilder, query: FlatQuery): Sources {
  const aliases = [builder.alias()];
  // One join to many rows adds up what is looked at, those after it multiply it, whatever comes of it.
  const [, ...multiplying] = query.joins.filter(({ table, column }) => column !== table.primaryKey);
  const joins = query.joins.map((join) => buildJoin(builder, join, aliases, multiplying.includes(join)));
  const where = query.where && buildFlatCondition(builder, query.where, aliases);
  const own = (): string => `${builder.rowsOf(query.table)} as ${aliases[0]}`;
  return { aliases, where, from: () => [own(), ...joins.map((join) => join())].join(' ') };
}

export const aliasOf = (aliases: readonly string[], { source }: Pick<SourceColumn, 'source'>): string => {
  const alias = aliases[source];
  if (alias === undefined) throw new TypeError(`there is no joined row ${source}`);
  return alias;
};

/** Adds the alias of the joined row to `aliases`. */
function buildJoin(builder: PlanBuilder, join: Join, aliases: string[], isCounted: boolean): Render {
  const { kind, table, column, to } = join;
  const parent: ColumnOf = { alias: aliasOf(aliases, to), column: to.column };
  const alias = builder.alias();
  aliases.push(alias);
  builder.shape += ` ${kind} ${table.logicalName}.${column.name}=${to.source}.${to.column.name}(`;
  const looked = kind === 'first' ? builder.alias() : alias;
  const conditions = [join.where, join.among].flatMap((condition) =>
    condition === undefined ? [] : [buildCondition(builder, condition, looked)],
  );
  builder.shape += ')';
  const tie = (): string => {
    const same = compareColumnsSql(builder, 'eq', { alias: looked, column }, parent);
    const step = isCounted ? builder.dialect.step(reference(looked, table.primaryKey.name)) : undefined;
    return [same, ...(step === undefined ? [] : [step]), ...conditions.map((each) => each())].join(' and ');
  };
  const name = (): string => builder.rowsOf(table);
  if (kind !== 'first') return () => `${kind === 'inner' ? 'join' : 'left join'} ${name()} as ${alias} on ${tie()}`;
  const key = (of: string): string => reference(of, table.primaryKey.name);
  return () => {
    const first = `select ${key(looked)} from ${name()} as ${looked} where ${tie()} order by ${key(looked)} limit 1`;
    return `left join ${name()} as ${alias} on ${key(alias)} = (${first})`;
  };
}

function buildFlatCondition(builder: PlanBuilder, condition: FlatCondition, aliases: readonly string[]): Render {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const { kind } = condition;
      builder.shape += `${kind}(`;
      const parts = condition.of.map((each) => buildFlatCondition(builder, each, aliases));
      builder.shape += ')';
      if (parts.length === 0) return () => (kind === 'and' ? 'true' : 'false');
      return () => `(${parts.map((part) => part()).join(` ${kind} `)})`;
    }
    case 'row': {
      builder.shape += `${condition.source}:`;
      const inner = buildCondition(builder, condition.where, aliasOf(aliases, condition));
      return () => `(${inner()})`;
    }
    case 'compareRows': {
      const { op, left, right } = condition;
      builder.shape += `${left.source}.${left.column.name} ${op} ${right.source}.${right.column.name};`;
      const of = (side: SourceColumn): ColumnOf => ({ alias: aliasOf(aliases, side), column: side.column });
      return () => compareColumnsSql(builder, op, of(left), of(right));
    }
    default:
      return unreachable(condition);
  }
}
