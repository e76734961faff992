import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useApi } from '../../api/api-context.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import type { LookupOption, LookupSource } from '../../components/lookup.tsx';
import { Panel } from '../../components/panel.tsx';
import { TickList } from '../../components/tick-list.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';

const useStyles = makeStyles({
  panel: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

interface TickPanelProps {
  readonly title: string;
  readonly source: LookupSource;
  readonly isOffered?: (option: LookupOption) => boolean;
  readonly ticked: ReadonlySet<string>;
  readonly save: (ticked: ReadonlySet<string>) => Promise<void>;
  /** Absent where nothing is stored before the form around it is saved: then nothing is said to be. */
  readonly stale?: readonly (readonly string[])[];
  readonly onClose: () => void;
  /** Above the ticks. */
  readonly children?: ReactNode;
}

/** A pane in which some rows of a short list are ticked, then OK. */
export function TickPanel({ title, source, isOffered = () => true, onClose, children, ...props }: TickPanelProps) {
  const { t } = useLocale();
  const api = useApi();
  const styles = useStyles();
  const [ticked, setTicked] = useState(props.ticked);
  const all = useQuery({
    queryKey: ['lookup', source.key],
    queryFn: ({ signal }) => source.load(api, signal),
  });
  const save = useChange({
    run: async () => {
      await props.save(ticked);
      onClose();
    },
    stale: props.stale ?? [],
    ...(props.stale !== undefined && { done: () => t('state.saved') }),
  });
  const labelOf = ({ label, secondary }: LookupOption): string =>
    secondary === undefined ? label : `${label} (${secondary})`;
  return (
    <Panel title={title} onClose={onClose}>
      <div className={styles.panel}>
        {children}
        {all.isPending ? <Loading /> : null}
        {all.isError ? <ErrorState error={all.error} onRetry={() => void all.refetch()} /> : null}
        <TickList
          options={(all.data ?? []).filter(isOffered).map((each) => ({ value: each.value, label: labelOf(each) }))}
          ticked={ticked}
          onChange={setTicked}
        />
        <div className={styles.bar}>
          <Button appearance="primary" disabled={save.isPending} onClick={() => save.mutate()}>
            {t('action.ok')}
          </Button>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
        </div>
      </div>
    </Panel>
  );
}
