import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import { type Depth, depthLooks } from './depth.ts';
import type { Privilege } from './role-model.ts';

const useStyles = makeStyles({
  cell: {
    position: 'relative',
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXXS,
    minWidth: '3rem',
    minHeight: '2rem',
    padding: `0 ${tokens.spacingHorizontalXS}`,
    borderRadius: tokens.borderRadiusMedium,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-within': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  symbol: { fontSize: tokens.fontSizeBase500 },
  changed: { backgroundColor: tokens.colorPaletteYellowBackground2 },
  different: { outline: `2px dashed ${tokens.colorPaletteRedBorder2}`, outlineOffset: '-2px' },
  // The picker is the browser's own, laid over what is seen.
  select: { position: 'absolute', inset: 0, width: '100%', height: '100%', opacity: 0, cursor: 'pointer' },
});

interface DepthPickerProps {
  readonly privilege: Privilege;
  /** For screen readers: which cell this is. */
  readonly label: string;
  readonly depth: Depth | undefined;
  readonly isChanged: boolean;
  /** Where the template has another level. */
  readonly template: Depth | 'None' | undefined;
  readonly onChange: (depth: Depth | undefined) => void;
}

/** The level of one privilege: symbol and letter, and a list of the levels that it takes. */
export function DepthPicker({ privilege, label, depth, isChanged, template, onChange }: DepthPickerProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const mayChange = useMayChange();
  const look = depthLooks[depth ?? 'None'];
  const note = template === undefined ? '' : `. ${t('role.differs', { level: t(depthLooks[template].name) })}`;
  return (
    <span
      className={mergeClasses(styles.cell, isChanged && styles.changed, template !== undefined && styles.different)}
      title={`${label}: ${t(look.name)}${note}`}
    >
      <span aria-hidden className={styles.symbol}>
        {look.symbol}
      </span>
      <span aria-hidden>{t(look.letter)}</span>
      <select
        className={styles.select}
        aria-label={`${label}${note}`}
        value={depth ?? 'None'}
        disabled={!mayChange}
        onChange={({ target }) => onChange(privilege.depths.find((each) => each === target.value))}
      >
        {(['None', ...privilege.depths] as const).map((each) => (
          <option key={each} value={each}>
            {depthLooks[each].symbol} {t(depthLooks[each].name)}
          </option>
        ))}
      </select>
    </span>
  );
}
