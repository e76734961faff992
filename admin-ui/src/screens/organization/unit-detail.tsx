import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { type Command, Page } from '../../components/page.tsx';
import type { Field, FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useChange } from '../../components/use-change.ts';
import { useDeletion } from '../../components/use-deletion.ts';
import { useUnlessChanged } from '../../components/use-unless-changed.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Unit, unitColumns, unitSource } from './unit.ts';

const pathOf = (id: string): string => `${webApi}/businessunits(${id})`;

/** One business unit: its name and place in the tree. */
export function Screen() {
  const { unitId } = useParams<{ unitId: string }>();
  const api = useApi();
  const unit = useQuery({
    queryKey: ['units', unitId],
    queryFn: ({ signal }) => api.get<Unit>(`${pathOf(unitId)}?$select=${unitColumns}`, { signal }),
  });
  if (unit.isPending) return <Loading />;
  if (unit.data === undefined) return <ErrorState error={unit.error} onRetry={() => void unit.refetch()} />;
  return <Loaded unit={unit.data} reload={async () => valuesOf((await unit.refetch()).data ?? unit.data)} />;
}

const valuesOf = ({ name, _parentbusinessunitid_value: parent }: Unit): FormValues => ({ name, parent: parent ?? '' });

function Loaded({ unit, reload }: { readonly unit: Unit; readonly reload: () => Promise<FormValues> }) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const commands = useUnitCommands(unit);
  const isRoot = unit._parentbusinessunitid_value === null;
  const parent: readonly Field[] = isRoot
    ? []
    : [{ name: 'parent', kind: 'lookup', source: unitSource, label: t('units.parent'), isRequired: true }];
  return (
    <Page title={unit.name} back={{ href: '/business-units', label: t('units.title') }} commands={commands}>
      <RecordForm
        fields={[{ name: 'name', kind: 'text', label: t('units.name'), isRequired: true, maxLength: 160 }, ...parent]}
        saved={valuesOf(unit)}
        reload={reload}
        save={async (changed, { overwrite }) => {
          const { parent: next, ...rest } = changed;
          const body = {
            ...rest,
            ...(next === undefined ? {} : { 'parentbusinessunitid@odata.bind': `/businessunits(${next})` }),
          };
          await api.change('PATCH', pathOf(unit.businessunitid), {
            body,
            headers: { 'If-Match': overwrite ? '*' : unit['@odata.etag'] },
          });
          await queries.invalidateQueries({ queryKey: ['units'] });
          notify(t('state.saved'));
        }}
      />
    </Page>
  );
}

function useUnitCommands({ businessunitid: id, name, isdisabled, ...unit }: Unit): Command[] {
  const { t } = useLocale();
  const api = useApi();
  const confirm = useConfirm();
  const notify = useNotify();
  const unlessChanged = useUnlessChanged();
  const [, navigate] = useLocation();
  const stale = [['units']];
  const turn = useChange<boolean>({
    run: async (isdisabled) => {
      const isDone = await unlessChanged({
        etag: unit['@odata.etag'],
        send: (match) => api.change('PATCH', pathOf(id), { body: { isdisabled }, headers: { 'If-Match': match } }),
        verb: t(isdisabled ? 'appUser.deactivate' : 'appUser.activate'),
      });
      if (isDone) notify(t('state.saved'));
    },
    stale,
  });
  const remove = useDeletion({
    run: async () => {
      await api.change('DELETE', pathOf(id));
      navigate('/business-units');
    },
    stale,
    gone: ['units', id],
    nameOf: () => name,
    titleOf: (title) => t('appUser.delete.title', { name: title }),
    text: t('units.delete.text'),
  });
  if (unit._parentbusinessunitid_value === null) return [];
  const deactivate = (): void => {
    const question = {
      title: t('appUser.deactivate.title', { name }),
      text: t('units.deactivate.text'),
      verb: t('appUser.deactivate'),
    };
    void confirm(question).then((yes) => yes && turn.mutate(true));
  };
  return [
    isdisabled
      ? { id: 'turn', label: t('appUser.activate'), changes: true, onClick: () => turn.mutate(false) }
      : { id: 'turn', label: t('appUser.deactivate'), changes: true, onClick: deactivate },
    {
      ...{ label: t('action.delete'), icon: <DeleteRegular />, changes: true, isDisabled: !isdisabled },
      onClick: () => remove(),
    },
  ];
}
