import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { Panel } from '../../components/panel.tsx';
import { TickList } from '../../components/tick-list.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { TableModel } from '../../model/table-model.ts';
import { labelIn } from '../tables/label.ts';

interface ColumnPanelProps {
  readonly model: TableModel;
  readonly picked: readonly string[];
  readonly onPick: (picked: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Which columns are shown: those that were stay where they were, new ones come after them. */
export function ColumnPanel({ model, picked, onPick, onClose }: ColumnPanelProps) {
  const { t, language } = useLocale();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set(picked));
  const take = (): void => {
    const kept = picked.filter((name) => ticked.has(name));
    const added = model.columns.map(({ name }) => name).filter((name) => ticked.has(name) && !picked.includes(name));
    onPick([...kept, ...added]);
    onClose();
  };
  return (
    <Panel title={t('list.columns')} onClose={onClose}>
      <TickList
        options={model.columns.map(({ name, label }) => ({
          value: name,
          label: `${labelIn(label, language) || name} (${name})`,
        }))}
        ticked={ticked}
        onChange={setTicked}
      />
      <Button appearance="primary" disabled={ticked.size === 0} onClick={take}>
        {t('action.ok')}
      </Button>
    </Panel>
  );
}
