import { Button, Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components';
import { narrow } from '../../components/narrow.ts';
import type { MessageKey } from '../../i18n/en.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import { DepthPicker } from './depth-picker.tsx';
import { type Grants, type Right, rights, type TableRow } from './role-model.ts';
import { labelOf } from './table-label.ts';
import type { RoleEdits } from './use-role-edits.ts';

const rightTexts: Readonly<Record<Right, MessageKey>> = {
  Create: 'right.create',
  Read: 'right.read',
  Write: 'right.write',
  Delete: 'right.delete',
  Append: 'right.append',
  AppendTo: 'right.appendTo',
  Assign: 'right.assign',
  Share: 'right.share',
};

const useStyles = makeStyles({
  scroller: {
    overflow: 'auto',
    maxHeight: '70vh',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  table: { borderCollapse: 'separate', borderSpacing: 0, width: '100%' },
  head: {
    position: 'sticky',
    top: 0,
    zIndex: 2,
    padding: tokens.spacingHorizontalS,
    textAlign: 'left',
    backgroundColor: tokens.colorNeutralBackground3,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  corner: { left: 0, zIndex: 3 },
  name: {
    position: 'sticky',
    left: 0,
    zIndex: 1,
    minWidth: '11rem',
    maxWidth: '22rem',
    padding: tokens.spacingHorizontalXS,
    textAlign: 'left',
    fontWeight: tokens.fontWeightRegular,
    overflowWrap: 'anywhere',
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    [`@media ${narrow}`]: { minWidth: '11.5rem', maxWidth: '11.5rem' },
  },
  row: { display: 'flex', alignItems: 'flex-start' },
  cell: { padding: tokens.spacingHorizontalXXS, borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
});

interface RoleMatrixProps {
  readonly label: string;
  readonly rows: readonly TableRow[];
  readonly edits: RoleEdits;
  /** Cells that differ from it are marked. */
  readonly template: Grants | undefined;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (logicalName: string) => void;
  readonly onCopy: (row: TableRow) => void;
}

/** Tables by rights. Heading row and first column stay in sight. */
export function RoleMatrix({ label, rows, edits, template, chosen, onChoose, onCopy }: RoleMatrixProps) {
  const { t, language } = useLocale();
  const styles = useStyles();
  const mayChange = useMayChange();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <section className={styles.scroller} tabIndex={0} aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" className={`${styles.head} ${styles.corner}`}>
              {t('role.table')}
            </th>
            {rights.map((right) => (
              <th key={right} scope="col" className={styles.head}>
                {t(rightTexts[right])}
              </th>
            ))}
            {mayChange ? (
              <th scope="col" className={styles.head}>
                {t('role.copyRow')}
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const name = labelOf(row, language);
            return (
              <tr key={row.logicalName}>
                <th scope="row" className={styles.name}>
                  <span className={styles.row}>
                    {mayChange ? (
                      <Checkbox
                        aria-label={t('role.choose', { name: `${name} (${row.logicalName})` })}
                        checked={chosen.has(row.logicalName)}
                        onChange={() => onChoose(row.logicalName)}
                      />
                    ) : null}
                    <span>
                      {name}
                      <Text block size={200}>
                        {row.logicalName}
                      </Text>
                    </span>
                  </span>
                </th>
                {rights.map((right) => (
                  <td key={right} className={styles.cell}>
                    <Cell row={row} right={right} name={name} edits={edits} template={template} />
                  </td>
                ))}
                {mayChange ? (
                  <td className={styles.cell}>
                    <Button size="small" appearance="subtle" onClick={() => onCopy(row)}>
                      {t('role.copyRow')}
                    </Button>
                  </td>
                ) : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

interface CellProps extends Pick<RoleMatrixProps, 'edits' | 'template'> {
  readonly row: TableRow;
  readonly right: Right;
  readonly name: string;
}

function Cell({ row, right, name, edits, template }: CellProps) {
  const { t } = useLocale();
  const privilege = row.privileges[right];
  if (privilege === undefined) return null;
  const depth = edits.depthOf(privilege.id);
  const wanted = template?.get(privilege.id);
  return (
    <DepthPicker
      privilege={privilege}
      label={t('role.cell', { right: t(rightTexts[right]), table: name })}
      depth={depth}
      isChanged={edits.changes.has(privilege.id)}
      template={template === undefined || wanted === depth ? undefined : (wanted ?? 'None')}
      onChange={(next) => edits.set(privilege, next)}
    />
  );
}
