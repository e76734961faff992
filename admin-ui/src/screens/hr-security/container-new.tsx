import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { NewRecordPage } from '../../components/new-record-page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Container, createContainer, listKey, sourceOf } from './container.ts';
import { useName } from './use-name.ts';

/** A new role, duty or privilege: empty, or a copy with all that another one has. */
export function ContainerNew({ kind }: { readonly kind: Container }) {
  const { t } = useLocale();
  const nameOf = useName(kind);
  const source = useMemo(() => sourceOf(kind, nameOf), [kind, nameOf]);
  const [parameters] = useSearchParams();
  const { id, name } = kind;
  return (
    <NewRecordPage
      title={t(kind.texts.new)}
      list={{ href: kind.href, label: t(kind.texts.title) }}
      fields={[
        {
          ...{ name: id, kind: 'text', label: t('hrUser.roleId'), isRequired: true, maxLength: 128 },
          hint: t('hrSecurity.idHint'),
        },
        { name, kind: 'text', label: t('hrSecurity.name'), isRequired: true, maxLength: 255 },
        {
          ...{ name: 'copyOf', kind: 'lookup', source, label: t('hrSecurity.copyOf') },
          hint: t('hrSecurity.copyHint'),
        },
      ]}
      saved={{ [id]: '', [name]: '', copyOf: parameters.get('copyOf') ?? '' }}
      stale={[listKey(kind), ['lookup', kind.set]]}
      create={async (api, { copyOf, ...values }) => {
        const identifier = String(values[id]).trim();
        const row = { [id]: identifier, [name]: String(values[name]) };
        await createContainer(api, kind, row, String(copyOf));
        return { name: identifier, href: `${kind.href}/${encodeURIComponent(identifier)}` };
      }}
    />
  );
}
