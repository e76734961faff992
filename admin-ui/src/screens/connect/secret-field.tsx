import { Button, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { useNotify } from '../../components/notify.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  value: { flexGrow: 1, maxWidth: '28rem', fontFamily: tokens.fontFamilyMonospace },
});

/** The secret that was made on this page: here until it is left, and never again. */
export function SecretField({ secret }: { readonly secret: string }) {
  const { t } = useLocale();
  const styles = useStyles();
  const notify = useNotify();
  return (
    <Field label={t('secret.value')} hint={t('connect.secret.once')}>
      <div className={styles.bar}>
        <Input
          readOnly
          value={secret}
          className={styles.value}
          aria-label={t('secret.value')}
          onFocus={({ target }) => target.select()}
        />
        <Button onClick={() => void navigator.clipboard.writeText(secret).then(() => notify(t('state.copied')))}>
          {t('action.copy')}
        </Button>
      </div>
    </Field>
  );
}
