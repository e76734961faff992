import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import type { FormValues } from '../../components/record-form/field.ts';
import { RecordForm } from '../../components/record-form/record-form.tsx';
import { Section } from '../../components/section.tsx';
import { useChange } from '../../components/use-change.ts';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import { positionStatusChoice, useChoiceLabels } from './choice-labels.ts';
import { actionPath, stepTexts, useProcess } from './process.ts';
import type { RecruitingRequest } from './request.ts';
import { type Part, type PartRow, useParts } from './request-part.ts';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** Positions, skills and education of a request. */
export function RequestParts({ request }: { readonly request: RecruitingRequest }) {
  return useParts().map((part) => <PartSection key={part.set} part={part} request={request} />);
}

interface PartProps {
  readonly part: Part;
  readonly request: RecruitingRequest;
}

function PartSection({ part, request }: PartProps) {
  const { t } = useLocale();
  const api = useApi();
  const [isAdding, setAdding] = useState(false);
  const mayChange = useMayChange();
  const { isFinal } = useProcess();
  const isFixed = part.isFixedAtEnd && isFinal('requests', request.mshr_status);
  const id = request.mshr_hcmrecruitingrequestentityid;
  const rows = useQuery({
    queryKey: ['requests', id, part.set],
    queryFn: ({ signal }) =>
      api.list<PartRow>(
        `${webApi}/${part.set}?$select=${part.select}&$filter=_mshr_fk_recruitingrequest_id_value eq ${id}`,
        { signal },
      ),
  });
  const ends = mayChange && !isFixed;
  return (
    <Section
      title={part.title}
      {...(isFixed ? { text: t('request.ended') } : {})}
      commands={isFixed ? [] : [{ label: t('action.add'), changes: true, onClick: () => setAdding(true) }]}
    >
      {rows.isPending ? (
        <Loading />
      ) : rows.isError ? (
        <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />
      ) : (
        <PlainTable
          label={part.title}
          emptyText={t('state.nothingHere')}
          titles={[...part.titles, ...(ends ? [t('parts.actions')] : [])]}
          rows={rows.data.rows.map((row) => ({
            key: String(row[part.id]),
            cells: [
              ...part.cells(row).map((cell, at) => <PartCell key={part.titles[at]} cell={cell} />),
              ...(ends ? [<PartActions key="actions" part={part} row={row} requestId={id} />] : []),
            ],
          }))}
        />
      )}
      {isAdding ? <AddPart part={part} request={request} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

/** A text, or a state of a position. */
function PartCell({ cell }: { readonly cell: string | number }): ReactNode {
  const statusOf = useChoiceLabels(positionStatusChoice);
  return typeof cell === 'number' ? statusOf(cell) : cell;
}

interface PartActionsProps {
  readonly part: Part;
  readonly row: PartRow;
  readonly requestId: string;
}

function PartActions({ part, row, requestId }: PartActionsProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const api = useApi();
  const { stepsFrom } = useProcess();
  const path = `${webApi}/${part.set}(${row[part.id]})`;
  const stale = [['requests', requestId]];
  const name = String(part.cells(row)[0]);
  const take = useChange<string>({
    run: (action) => api.change('POST', actionPath(path, action)),
    stale,
    done: () => t('state.saved'),
  });
  const remove = useDeletion({
    run: () => api.change('DELETE', path),
    stale,
    nameOf: () => name,
    titleOf: (title) => t('appUser.delete.title', { name: title }),
    text: '',
  });
  const state = row['mshr_status'];
  const steps = part.hasSteps && typeof state === 'number' ? stepsFrom('positions', state) : [];
  return (
    <div className={styles.bar}>
      {steps.map(({ action }) => {
        const key = stepTexts[action];
        const label = key === undefined ? action : t(key);
        return (
          <Button key={action} size="small" aria-label={`${label}: ${name}`} onClick={() => take.mutate(action)}>
            {label}
          </Button>
        );
      })}
      <Button size="small" aria-label={`${t('action.delete')}: ${name}`} onClick={() => remove()}>
        {t('action.delete')}
      </Button>
    </div>
  );
}

function AddPart({ part, request, onClose }: PartProps & { readonly onClose: () => void }) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const add = async (values: FormValues): Promise<void> => {
    const { mshr_recruitingrequestid, mshr_dataareaid, mshr_hcmrecruitingrequestentityid: id } = request;
    const body = { mshr_recruitingrequestid, mshr_dataareaid, ...part.bodyOf(values) };
    await api.change('POST', `${webApi}/${part.set}`, { body });
    await queries.invalidateQueries({ queryKey: ['requests', id] });
    onClose();
  };
  return (
    <Panel title={part.title} onClose={onClose}>
      <RecordForm
        fields={part.fields}
        saved={Object.fromEntries(part.fields.map(({ name }) => [name, '']))}
        submitLabel={t('action.add')}
        onCancel={onClose}
        save={(_, { values }) => add(values)}
      />
    </Panel>
  );
}
