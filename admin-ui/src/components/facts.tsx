import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons/svg/copy';
import type { ReactNode } from 'react';
import { useLocale } from '../i18n/locale-context.tsx';
import { narrow } from './narrow.ts';
import { useNotify } from './notify.tsx';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'minmax(10rem, max-content) 1fr',
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
    alignItems: 'center',
    [`@media ${narrow}`]: { gridTemplateColumns: '1fr' },
  },
  term: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0, overflowWrap: 'anywhere', minHeight: '24px' },
});

export interface Fact {
  readonly term: string;
  readonly value: ReactNode;
  /** Has a button that copies this. */
  readonly copy?: string;
}

/** What is known of a row and not changed here. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  const { t } = useLocale();
  const styles = useStyles();
  const notify = useNotify();
  const copy = (text: string): void => {
    void navigator.clipboard.writeText(text).then(() => notify(t('state.copied')));
  };
  return (
    <dl className={styles.list}>
      {facts.flatMap(({ term, value, copy: text }) => [
        <dt key={`${term} term`} className={styles.term}>
          {term}
        </dt>,
        <dd key={`${term} value`} className={styles.value}>
          {value}
          {text === undefined ? null : (
            <Button
              appearance="subtle"
              size="small"
              icon={<CopyRegular />}
              aria-label={`${t('action.copy')} ${term}`}
              onClick={() => copy(text)}
            />
          )}
        </dd>,
      ])}
    </dl>
  );
}
