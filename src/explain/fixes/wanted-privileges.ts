import type { ApplicationUser } from '../../dataverse/application-user.ts';
import { depthNumbers } from '../../dataverse/privilege-index.ts';
import { walkOperation } from '../../dataverse/requirements.ts';
import type { DataverseSnapshot } from '../../dataverse/snapshot.ts';
import type { PrivilegeDepth } from '../../metadata/privileges.ts';
import { operationOf } from '../../odata/request-shape.ts';
import type { Facts } from '../facts.ts';
import { isOwnedByMaker } from '../owned-by-maker.ts';

/** A privilege, by its number, and how deep it is needed at least. */
export interface WantedPrivilege {
  readonly slot: number;
  readonly depth: number;
}

/** Rows that nobody owns are reached by the whole organization's depth alone. */
const depthFor = ({ index }: DataverseSnapshot, slot: number): number => {
  const { table } = index.at(slot);
  return table === undefined || (table.ownership ?? 'organization') !== 'organization'
    ? depthNumbers.basic
    : depthNumbers.global;
};

/** The privileges that the request needs, by the walk that decides it; `more`: one that a rule of a table asked for. */
export function wantedBy(facts: Facts, more?: { readonly privilege: string; readonly depth: PrivilegeDepth }) {
  const { dataverse: snapshot, model } = facts.view;
  const wanted = new Map<number, number>();
  const add = (slot: number, depth?: number): boolean => {
    if (slot >= 0) wanted.set(slot, Math.max(wanted.get(slot) ?? 0, depth ?? depthFor(snapshot, slot)));
    return true;
  };
  for (const shape of facts.shapes) {
    for (const name of shape.privileges ?? []) add(snapshot.index.slotOfNamed(name, undefined), depthNumbers.global);
    const operation = operationOf(model, shape);
    if (operation === undefined) continue;
    if (operation.kind === 'create' && isOwnedByMaker(operation.table, shape)) {
      add(snapshot.index.slotOf(operation.table, 'read'));
    }
    walkOperation(operation, {
      needs: (table, right) => add(snapshot.index.slotOf(table, right)),
      needsNamed: (name, right) => add(snapshot.index.slotOfNamed(name, right)),
    });
  }
  const named = more && snapshot.index.findByName(more.privilege);
  if (more !== undefined && named !== undefined) add(named, depthNumbers[more.depth]);
  return [...wanted].map(([slot, depth]): WantedPrivilege => ({ slot, depth }));
}

/** Those that the user does not hold, or not that deep. */
export function lackedBy(
  snapshot: DataverseSnapshot,
  user: ApplicationUser | undefined,
  wanted: readonly WantedPrivilege[],
): readonly WantedPrivilege[] {
  const held = user && snapshot.depthsOf(user);
  return wanted.filter(({ slot, depth }) => (held?.[slot] ?? 0) < depth);
}
