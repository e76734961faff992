import { Checkbox, mergeClasses } from '@fluentui/react-components';
import { memo } from 'react';
import { Link } from 'wouter';
import { useLocale } from '../../i18n/locale-context.tsx';
import { type Column, cellText, widthOf } from './column.ts';
import { useGridStyles } from './grid-styles.ts';

interface GridRowProps<T> {
  readonly columns: readonly Column<T>[];
  readonly row: T;
  readonly href: string | undefined;
  readonly tick?: { readonly isChosen: boolean; readonly onToggle: () => void };
}

function Cells<T>({ columns, row, href, tick }: GridRowProps<T>) {
  const locale = useLocale();
  const styles = useGridStyles();
  const first = columns[0];
  const name = first === undefined ? '' : cellText(first, row, locale);
  return (
    <>
      {tick === undefined ? null : (
        <div role="gridcell" className={styles.tick} tabIndex={-1}>
          <Checkbox
            aria-label={`${locale.t('list.select')} ${name}`}
            checked={tick.isChosen}
            onChange={tick.onToggle}
            tabIndex={-1}
          />
        </div>
      )}
      {columns.map((column, at) => {
        const content = column.render?.(row) ?? cellText(column, row, locale);
        return (
          <div
            key={column.id}
            role="gridcell"
            tabIndex={-1}
            className={mergeClasses(
              styles.cell,
              column.kind === 'number' && styles.number,
              at > 0 && content === '' && styles.blank,
            )}
            style={widthOf(column)}
          >
            {at === 0 ? null : <span className={styles.title}>{column.title}</span>}
            {at === 0 && href !== undefined ? (
              <Link href={href} className={styles.link}>
                {content === '' ? '–' : content}
              </Link>
            ) : (
              content
            )}
          </div>
        );
      })}
    </>
  );
}

/** The cells of one row. Made again only for another row or other columns: moving through a list touches none of them. */
export const GridRow = memo(Cells) as typeof Cells;
