import type { Guid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { equals } from '../../odata/query.ts';
import { deleteRestricted } from '../messages.ts';
import { clearLookups, removeLinks } from './links.ts';
import type { WriteContext } from './native-table.ts';

/**
 * Before a row goes: rows of custom tables that point to it do so no more, or keep it from going (`onDelete`), and its
 * links through custom intersect tables go with it. The product's own tables have rules of their own.
 */
export async function releaseReferences({ deps, rows, table }: WriteContext, id: Guid): Promise<void> {
  for (const navigation of table.navigation.values()) {
    if (navigation.kind === 'manyToMany' && navigation.intersect.custom === true) {
      await removeLinks(rows, deps.model, navigation.intersect.logicalName, { [navigation.ownColumn.name]: id });
    }
    if (navigation.kind !== 'collection' || navigation.target.custom !== true) continue;
    const { target, column } = navigation;
    if (column.lookup?.onDelete === 'Restrict') {
      const [blocking] = await rows.list(target, equals(column, id), 1);
      if (blocking !== undefined) throw new Refusal('run', deleteRestricted(table, target));
    }
    await clearLookups(rows, deps.model, target.logicalName, column.name, id);
  }
}
