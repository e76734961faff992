import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Container, rowsWith } from './container.ts';

/** Who has a role, duty or privilege: whom a change of it concerns. */
export function Holders({ kind, id }: { readonly kind: Container; readonly id: string }) {
  const { t } = useLocale();
  const api = useApi();
  const held = useQuery({
    queryKey: ['hr security', kind.set, id, 'holders'],
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(kind.holders.map(({ set, by }) => rowsWith(api, set, by, id, signal)));
      return kind.holders.flatMap((holder, at) =>
        (lists[at] ?? []).map((row) => ({ holder, name: row[holder.member] ?? '' })),
      );
    },
  });
  if (held.isPending) return <Loading />;
  if (held.isError) return <ErrorState error={held.error} onRetry={() => void held.refetch()} />;
  return (
    <Section title={t('hrSecurity.holders')}>
      <PlainTable
        label={t('hrSecurity.holders')}
        emptyText={t('hrSecurity.noHolders')}
        titles={[t('hrSecurity.holder'), t('hrUser.roleId')]}
        rows={held.data.map(({ holder, name }) => ({
          key: `${holder.set} ${name}`,
          cells: [
            t(holder.title),
            <Link key="link" href={`${holder.href}/${encodeURIComponent(name)}`}>
              {name}
            </Link>,
          ],
        }))}
      />
    </Section>
  );
}
