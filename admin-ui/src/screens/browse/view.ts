import { useSearchParams } from 'wouter';
import { query, webApi } from '../../api/odata.ts';
import type { Sort } from '../../components/data-list/use-list-rows.ts';
import type { ModelColumn, TableModel } from '../../model/table-model.ts';
import { type Condition, filterOf, operatorsOf } from './filter.ts';

/** How a table is looked at. It stands in the page's address, so that it can be kept, sent and come back to. */
export interface View {
  readonly columns: readonly string[];
  readonly conditions: readonly Condition[];
  readonly join: 'and' | 'or';
  readonly sort: Sort | undefined;
}

const mostColumns = 6;
/** What a person recognises a row by. */
const telling: ReadonlySet<string> = new Set(['text', 'choice', 'date', 'boolean', 'number']);

/** The columns to begin with: the name, then the first that say something. */
function firstColumns({ columns, nameColumn }: TableModel): readonly string[] {
  const others = columns.filter(({ name, type }) => name !== nameColumn && telling.has(type)).map(({ name }) => name);
  return [...(nameColumn === undefined ? [] : [nameColumn]), ...others].slice(0, mostColumns);
}

/** The view in the page's address, and how to change it. What does not fit the table is left out. */
export function useView(model: TableModel): readonly [View, (change: Partial<View>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const known = (name: string): ModelColumn | undefined => model.columns.find((each) => each.name === name);
  const picked = (parameters.get('columns') ?? '').split(',').filter((name) => known(name) !== undefined);
  const [sorted = '', direction] = (parameters.get('sort') ?? '').split(' ');
  const view: View = {
    columns: picked.length === 0 ? firstColumns(model) : picked,
    conditions: parseConditions(parameters.get('where'), known),
    join: parameters.get('join') === 'or' ? 'or' : 'and',
    sort: known(sorted) === undefined ? undefined : { id: sorted, factor: direction === 'desc' ? -1 : 1 },
  };
  const change = (part: Partial<View>): void => {
    const { columns, conditions, join, sort } = { ...view, ...part };
    setParameters(
      new URLSearchParams({
        columns: columns.join(),
        ...(conditions.length === 0 ? {} : { where: JSON.stringify(conditions), join }),
        ...(sort === undefined ? {} : { sort: `${sort.id} ${sort.factor === 1 ? 'asc' : 'desc'}` }),
      }),
      { replace: true },
    );
  };
  return [view, change];
}

function parseConditions(text: string | null, known: (name: string) => ModelColumn | undefined): readonly Condition[] {
  try {
    const parsed: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(parsed)) return [];
    return parsed.flatMap((each: Partial<Condition> | null): Condition[] => {
      const column = typeof each?.column === 'string' ? known(each.column) : undefined;
      const operator = column && operatorsOf[column.type].find((name) => name === each?.operator);
      if (column === undefined || operator === undefined) return [];
      return [{ column: column.name, operator, value: typeof each?.value === 'string' ? each.value : '' }];
    });
  } catch {
    return [];
  }
}

/** Query options of a view. */
export function optionsOf(model: TableModel, { columns, conditions, join, sort }: View) {
  const property = (name: string): string => model.columns.find((each) => each.name === name)?.property ?? name;
  const select = columns.filter((name) => name !== model.idColumn).map(property);
  return {
    // The id comes whether it is asked for or not; with nothing to select all columns would.
    $select: select.length === 0 ? model.idColumn : select.join(),
    $filter: filterOf(conditions, join, model.columns),
    $orderby: sort === undefined ? undefined : `${property(sort.id)} ${sort.factor === 1 ? 'asc' : 'desc'}`,
  };
}

export const setPath = ({ entitySet }: TableModel): string => `${webApi}/${entitySet}`;
export const rowPath = (model: TableModel, id: string): string => `${setPath(model)}(${id})`;
/** Commas may stand as they are, and read better so. */
export const viewPath = (model: TableModel, view: View): string =>
  setPath(model) + query(optionsOf(model, view)).replaceAll('%2C', ',');
