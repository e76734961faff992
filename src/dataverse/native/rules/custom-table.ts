import type { Guid } from '../../../kernel/ids.ts';
import { Refusal } from '../../../kernel/refusal.ts';
import type { ChoiceOption, Table } from '../../../metadata/table.ts';
import type { Value } from '../../../odata/query.ts';
import { invalidStatus } from '../../messages.ts';
import type { Draft, NativeTable, WriteContext } from '../native-table.ts';
import { settleNewOwner, settleNextOwner } from '../ownership.ts';

/** What the system keeps in the rows of a table that a customizer made: who and whose (when is kept for all), state and status. */
export const customTableRules = (table: Table): NativeTable => ({
  logicalName: table.logicalName,
  create: {
    async fill(context, draft) {
      const { id } = context.grant.user;
      set(context, draft, { createdby: id, createdonbehalfby: actorOf(context) });
      set(context, draft, { modifiedby: id, modifiedonbehalfby: actorOf(context) });
      await settleNewOwner(context, draft);
      settleState(context, draft, undefined);
    },
  },
  update: {
    async check(context, row, changes) {
      set(context, changes, { modifiedby: context.grant.user.id, modifiedonbehalfby: actorOf(context) });
      await settleNextOwner(context, row, changes);
      const state = table.column.get('statecode');
      settleState(context, changes, state === undefined ? undefined : (row.values.get(state) ?? undefined));
    },
  },
  remove: { prepare: async () => undefined },
});

/** Who really asks, where it is in another user's name. */
const actorOf = ({ grant }: WriteContext): Guid | null => grant.user.impersonation?.actor.id ?? null;

function set({ table }: WriteContext, draft: Draft, values: Readonly<Record<string, Value>>): void {
  for (const [name, value] of Object.entries(values)) {
    const column = table.column.get(name);
    if (column !== undefined) draft.set(column, value);
  }
}

/** A status belongs to a state: either one given alone brings the other along, and two that do not go together are refused. */
function settleState({ table, deps }: WriteContext, draft: Draft, before: Value | undefined): void {
  const [state, status] = [table.column.get('statecode'), table.column.get('statuscode')];
  if (state === undefined || status === undefined) return;
  if (before !== undefined && !draft.has(state) && !draft.has(status)) return;
  const options = (name: string | undefined): readonly ChoiceOption[] =>
    deps.model.choice.get(name ?? '')?.options ?? [];
  const given = draft.get(status);
  const ofStatus = options(status.choice).find((option) => option.value === given)?.state;
  const wanted = draft.get(state) ?? ofStatus ?? before ?? 0;
  const chosen = options(state.choice).find((option) => option.value === wanted);
  if (chosen === undefined || (given !== undefined && given !== null && ofStatus !== wanted)) {
    throw new Refusal('run', invalidStatus(String(given ?? wanted), String(wanted), table));
  }
  draft.set(state, chosen.value);
  if (given === undefined || given === null) draft.set(status, chosen.defaultStatus ?? null);
}
