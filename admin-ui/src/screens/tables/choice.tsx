import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { literal, webApi } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { type Command, Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import type { ChoiceDefinition, ChoiceOption } from './choice-definition.ts';
import { bothLabels, labelIn } from './label.ts';

/** One choice and its options: new ones, other words, fewer. */
export function Screen() {
  const { choiceName } = useParams<{ choiceName: string }>();
  const api = useApi();
  const choice = useQuery({
    queryKey: ['choices', choiceName],
    queryFn: ({ signal }) =>
      api.get<ChoiceDefinition>(
        `${webApi}/GlobalOptionSetDefinitions(Name=${encodeURIComponent(literal(choiceName))})`,
        { signal },
      ),
  });
  if (choice.isPending) return <Loading />;
  if (choice.data === undefined) return <ErrorState error={choice.error} onRetry={() => void choice.refetch()} />;
  return <Loaded choice={choice.data} />;
}

function Loaded({ choice }: { readonly choice: ChoiceDefinition }) {
  const { t, language } = useLocale();
  const mayChange = useMayChange();
  const remove = useDelete(choice);
  const [edited, setEdited] = useState<ChoiceOption | 'new'>();
  // Options of Human Resources are renamed at most: the server refuses the rest.
  const add: Command = {
    ...{ label: t('choices.newOption'), icon: <AddRegular />, isPrimary: true, changes: true },
    onClick: () => setEdited('new'),
  };
  return (
    <Page
      title={labelIn(choice.DisplayName, language) || choice.Name}
      text={choice.Name}
      back={{ href: '/choices', label: t('choices.title') }}
      commands={choice.IsManaged ? [] : [add]}
    >
      <PlainTable
        label={t('choices.options')}
        emptyText={t('state.nothingHere')}
        titles={[
          t('choices.value'),
          t('choices.english'),
          t('choices.norwegian'),
          t('choices.external'),
          ...(mayChange ? [t('choices.change')] : []),
        ]}
        rows={choice.Options.map((option) => ({
          key: String(option.Value),
          cells: [
            option.Value,
            <span key="en" lang="en">
              {labelIn(option.Label, 'en')}
            </span>,
            <span key="nb" lang="nb">
              {labelIn(option.Label, 'nb')}
            </span>,
            <code key="external" lang="en">
              {option.ExternalValue ?? '–'}
            </code>,
            ...(mayChange
              ? [
                  <span key="change">
                    <Button size="small" onClick={() => setEdited(option)}>
                      {t('choices.rename')}
                    </Button>{' '}
                    {choice.IsManaged ? null : (
                      <Button size="small" onClick={() => remove(option)}>
                        {t('action.delete')}
                      </Button>
                    )}
                  </span>,
                ]
              : []),
          ],
        }))}
      />
      {edited === undefined ? null : (
        <EditOption choice={choice} option={edited} onClose={() => setEdited(undefined)} />
      )}
    </Page>
  );
}

interface EditOptionProps {
  readonly choice: ChoiceDefinition;
  readonly option: ChoiceOption | 'new';
  readonly onClose: () => void;
}

function EditOption({ choice, option, onClose }: EditOptionProps) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const isNew = option === 'new';
  return (
    <Panel title={isNew ? t('choices.newOption') : t('choices.rename')} onClose={onClose}>
      <RecordForm
        fields={[
          { name: 'en', kind: 'text', label: t('choices.english'), isRequired: true, maxLength: 200 },
          { name: 'nb', kind: 'text', label: t('choices.norwegian'), maxLength: 200 },
        ]}
        saved={{ en: isNew ? '' : labelIn(option.Label, 'en'), nb: isNew ? '' : labelIn(option.Label, 'nb') }}
        onCancel={onClose}
        save={async (_, { values: { en, nb } }) => {
          const body = { OptionSetName: choice.Name, Label: bothLabels(String(en), String(nb)) };
          await (isNew
            ? api.change('POST', `${webApi}/InsertOptionValue`, { body })
            : api.change('POST', `${webApi}/UpdateOptionValue`, {
                body: { ...body, Value: option.Value, MergeLabels: true },
              }));
          await queries.invalidateQueries({ queryKey: ['choices'] });
          onClose();
        }}
      />
    </Panel>
  );
}

function useDelete({ Name }: ChoiceDefinition): (option: ChoiceOption) => void {
  const { t, language } = useLocale();
  const api = useApi();
  return useDeletion<ChoiceOption>({
    run: ({ Value }) => api.change('POST', `${webApi}/DeleteOptionValue`, { body: { OptionSetName: Name, Value } }),
    stale: [['choices']],
    nameOf: ({ Label }) => labelIn(Label, language),
    titleOf: (name) => t('appUser.delete.title', { name }),
    text: t('choices.delete.text'),
  });
}
