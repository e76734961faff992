import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useNarrow } from './use-narrow.ts';

const useStyles = makeStyles({
  scroller: { overflowX: 'auto', maxWidth: '100%' },
  table: { borderCollapse: 'collapse', width: '100%', textAlign: 'left' },
  cell: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
    minWidth: '7rem',
    hyphens: 'auto',
  },
  cards: { listStyleType: 'none', margin: 0, padding: 0 },
  card: { padding: `${tokens.spacingVerticalS} 0`, borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  facts: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS, margin: 0 },
  term: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  value: { margin: 0, overflowWrap: 'anywhere' },
});

interface PlainTableProps {
  /** For screen readers. */
  readonly label: string;
  readonly titles: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
  readonly emptyText: string;
}

/** A short table inside a page; long ones are a `DataList`. Where it has no room its rows stand one under the other. */
export function PlainTable(props: PlainTableProps) {
  const isNarrow = useNarrow();
  if (props.rows.length === 0) return <Text as="p">{props.emptyText}</Text>;
  return isNarrow ? <Cards {...props} /> : <Columns {...props} />;
}

function Columns({ label, titles, rows }: PlainTableProps) {
  const styles = useStyles();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
    <section className={styles.scroller} tabIndex={0} aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            {titles.map((title) => (
              <th key={title} scope="col" className={styles.cell}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, at) => (
                <td key={titles[at]} className={styles.cell}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cards({ label, titles, rows }: PlainTableProps) {
  const styles = useStyles();
  return (
    <ul className={styles.cards} aria-label={label}>
      {rows.map(({ key, cells }) => (
        <li key={key} className={styles.card}>
          <dl className={styles.facts}>
            {cells.map((cell, at) => (
              <div key={titles[at]}>
                <dt className={styles.term}>{titles[at]}</dt>
                <dd className={styles.value}>{cell}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
