import { makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useLocale } from '../i18n/locale-context.tsx';

const useStyles = makeStyles({ root: { padding: tokens.spacingVerticalXXL } });

export function Loading() {
  const { t } = useLocale();
  return <Spinner className={useStyles().root} label={t('state.loading')} role="status" delay={150} />;
}
