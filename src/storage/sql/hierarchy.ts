import type { Hierarchy } from '../../odata/query.ts';
import { reference } from './names.ts';
import type { PlanBuilder, Render } from './plan-builder.ts';

/**
 * The ids above or under a row, found by a recursive query; `buildSeen` gives the condition for rows that may be looked at.
 * `union` leaves out what was met before: circles end.
 */
export function buildHierarchy(
  builder: PlanBuilder,
  condition: Hierarchy,
  alias: string,
  buildSeen: (alias: string) => Render,
): Render {
  const { column, parent, direction, orEqual } = condition;
  const { table } = parent;
  const [way, start, step] = [builder.alias(), builder.alias(), builder.alias()];
  builder.shape += `${column.name} ${direction} ${orEqual ? 'or equal ' : ''}${table.logicalName}/${parent.name}(`;
  const id = builder.parameter(condition.id, 'guid');
  const startSeen = buildSeen(start);
  const stepSeen = buildSeen(step);
  builder.shape += ')';
  return () => {
    const own = (of: string): string => reference(of, table.primaryKey.name);
    const up = (of: string): string => reference(of, parent.name);
    const rows = builder.rowsOf(table);
    const first = `select ${own(start)}, ${up(start)} from ${rows} as ${start} where ${own(start)} = ${id()}${startSeen()}`;
    const tie = direction === 'above' ? `${own(step)} = ${way}.up` : `${up(step)} = ${way}.id`;
    const next = `select ${own(step)}, ${up(step)} from ${way} join ${rows} as ${step} on ${tie}${stepSeen()}`;
    const others = orEqual ? '' : ` where ${way}.id <> ${id()}`;
    const ids = `with recursive ${way}(id, up) as (${first} union ${next}) select id from ${way}${others}`;
    const value = reference(alias, column.name);
    return `(${value} is not null and ${value} in (${ids}))`;
  };
}
