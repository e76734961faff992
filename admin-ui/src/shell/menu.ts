import type { OperatorRole } from '../../../src/admin/contract.ts';
import { screens } from '../screens/registry.ts';
import { areas } from '../screens/screen.ts';
import type { MenuArea } from './menu-context.ts';

/** What an operator of a role finds in the main menu. */
export function menuOf(role: OperatorRole): readonly MenuArea[] {
  return areas
    .map((area) => ({
      area,
      entries: screens.flatMap(({ area: of, nav, path, roles }) =>
        of === area && nav !== undefined && roles.includes(role) ? [{ path, nav }] : [],
      ),
    }))
    .filter(({ entries }) => entries.length > 0);
}
