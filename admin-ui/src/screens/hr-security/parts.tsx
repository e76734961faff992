import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Section } from '../../components/section.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import { TickPanel } from '../human-resources/tick-panel.tsx';
import { type Container, type Part, rowPath, rowsWith, sourceOf } from './container.ts';
import { useName } from './use-name.ts';

interface PartsProps {
  readonly kind: Container;
  readonly id: string;
  readonly part: Part;
}

/** Duties of a role, privileges of a duty and the like: listed, added by ticks, removed. */
export function Parts({ kind, id, part }: PartsProps) {
  const { t } = useLocale();
  const api = useApi();
  const mayChange = useMayChange();
  const of = part.of();
  const nameOf = useName(of);
  const source = useMemo(() => sourceOf(of, nameOf), [of, nameOf]);
  const [isAdding, setAdding] = useState(false);
  const title = t(part.title);
  const queryKey = ['hr security', part.set, id];
  const held = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const [pairs, all] = await Promise.all([rowsWith(api, part.set, kind.id, id, signal), source.load(api, signal)]);
      const names = new Map(all.map(({ value, label }) => [value, label]));
      return pairs.map((pair) => pair[part.member] ?? '').map((value) => ({ value, label: names.get(value) ?? value }));
    },
  });
  const remove = useChange<string>({
    run: (value) => api.change('DELETE', rowPath(part.set, { [kind.id]: id, [part.member]: value })),
    stale: [queryKey],
    done: () => t('state.saved'),
  });
  const add = { label: `${t('action.add')}: ${title}`, icon: <AddRegular />, changes: true };
  if (held.isPending) return <Loading />;
  if (held.isError) return <ErrorState error={held.error} onRetry={() => void held.refetch()} />;
  const heldIds = new Set(held.data.map(({ value }) => value));
  return (
    <Section title={title} commands={[{ ...add, onClick: () => setAdding(true) }]}>
      <PlainTable
        label={title}
        emptyText={t('state.nothingHere')}
        titles={[t('hrSecurity.name'), t('hrUser.roleId'), ...(mayChange ? [t('hrUser.actions')] : [])]}
        rows={held.data.map(({ value, label }) => ({
          key: value,
          cells: [
            <Link key="link" href={`${of.href}/${encodeURIComponent(value)}`}>
              {label}
            </Link>,
            value,
            ...(mayChange ? [<RemoveButton key="remove" name={label} onClick={() => remove.mutate(value)} />] : []),
          ],
        }))}
      />
      {isAdding ? (
        <TickPanel
          title={add.label}
          source={source}
          isOffered={({ value }) => !heldIds.has(value) && !(of === kind && value === id)}
          ticked={new Set()}
          save={async (ticked) => {
            for (const value of ticked) {
              await api.change('POST', `/data/${part.set}`, { body: { [kind.id]: id, [part.member]: value } });
            }
          }}
          stale={[queryKey]}
          onClose={() => setAdding(false)}
        />
      ) : null}
    </Section>
  );
}

interface RemoveButtonProps {
  readonly name: string;
  readonly onClick: () => void;
}

/** Takes one thing away; screen readers are told which. */
export function RemoveButton({ name, onClick }: RemoveButtonProps) {
  const { t } = useLocale();
  return (
    <Button size="small" aria-label={`${t('hrUser.removeRole')} ${name}`} onClick={onClick}>
      {t('hrUser.removeRole')}
    </Button>
  );
}
