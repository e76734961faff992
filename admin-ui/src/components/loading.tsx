import { makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useLocale } from '../i18n/locale-context.tsx';

const useStyles = makeStyles({ root: { padding: tokens.spacingVerticalXXL } });

export function Loading() {
  const { t } = useLocale();
  const styles = useStyles();
  return (
    <div aria-busy="true">
      <Spinner className={styles.root} label={t('state.loading')} role="status" delay={150} />
    </div>
  );
}
