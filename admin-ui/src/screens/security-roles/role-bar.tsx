import { Button, Input, makeStyles, Select, Text, tokens } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type View, views, viewTexts } from './role-filter.ts';
import type { TableRow } from './role-model.ts';
import { labelOf } from './table-label.ts';
import { presets, type RoleEdits } from './use-role-edits.ts';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  search: { flexGrow: 1, maxWidth: '24rem', minWidth: '12rem' },
});

interface RoleBarProps {
  readonly search: string;
  readonly setSearch: (text: string) => void;
  readonly view: View;
  readonly setView: (view: View) => void;
  readonly edits: RoleEdits;
  readonly chosen: readonly TableRow[];
  /** The row whose levels are to be copied. */
  readonly copied: TableRow | undefined;
  /** Chosen rows were set. */
  readonly onDone: () => void;
}

/** Search, view, what is not saved yet, and what can be done with the chosen rows. */
export function RoleBar({ search, setSearch, view, setView, edits, chosen, copied, onDone }: RoleBarProps) {
  const { t } = useLocale();
  const styles = useStyles();
  return (
    <>
      <div className={styles.bar}>
        <Input
          type="search"
          className={styles.search}
          contentBefore={<SearchRegular />}
          aria-label={t('role.search')}
          placeholder={t('list.search')}
          value={search}
          onChange={(_, { value }) => setSearch(value)}
        />
        <Select
          aria-label={t('role.view')}
          value={view}
          onChange={(_, { value }) => setView(views.find((each) => each === value) ?? 'all')}
        >
          {views.map((each) => (
            <option key={each} value={each}>
              {t(viewTexts[each])}
            </option>
          ))}
        </Select>
        {edits.changes.size === 0 ? null : (
          <>
            <Text role="status">{t('role.pending', { n: edits.changes.size })}</Text>
            <Button onClick={edits.undo}>{t('role.undo')}</Button>
          </>
        )}
      </div>
      {copied !== undefined || chosen.length > 0 ? (
        <ChosenBar edits={edits} chosen={chosen} copied={copied} onDone={onDone} />
      ) : null}
    </>
  );
}

function ChosenBar({ edits, chosen, copied, onDone }: Pick<RoleBarProps, 'edits' | 'chosen' | 'copied' | 'onDone'>) {
  const { t, language } = useLocale();
  const styles = useStyles();
  const then = (work: () => void) => (): void => {
    work();
    onDone();
  };
  if (chosen.length === 0) {
    return copied === undefined ? null : <Text>{t('role.copied', { name: labelOf(copied, language) })}</Text>;
  }
  return (
    <div className={styles.bar}>
      <Text>
        {t('role.chosen', { n: chosen.length })} · {t('role.setChosen')}:
      </Text>
      {copied === undefined ? null : (
        <Button appearance="primary" onClick={then(() => edits.copyRow(copied, chosen))}>
          {t('role.pasteRow', { name: labelOf(copied, language) })}
        </Button>
      )}
      <Button onClick={then(() => edits.setRows(chosen, presets.full))}>{t('role.set.full')}</Button>
      <Button onClick={then(() => edits.setRows(chosen, presets.read))}>{t('role.set.read')}</Button>
      <Button onClick={then(() => edits.setRows(chosen, presets.none))}>{t('role.set.none')}</Button>
    </div>
  );
}
