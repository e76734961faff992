import { Button, Field, makeStyles, Textarea, tokens } from '@fluentui/react-components';
import { useNotify } from '../../components/notify.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  value: { flexGrow: 1, maxWidth: '28rem' },
  letters: { fontFamily: tokens.fontFamilyMonospace, wordBreak: 'break-all' },
});

/** The secret that was made on this page: here until it is left, and never again. */
export function SecretField({ secret }: { readonly secret: string }) {
  const { t } = useLocale();
  const styles = useStyles();
  const notify = useNotify();
  return (
    <Field label={t('secret.value')} hint={t('connect.secret.once')}>
      <div className={styles.bar}>
        {/* Two lines, so that a phone shows all of it. */}
        <Textarea
          readOnly
          rows={2}
          value={secret}
          className={styles.value}
          textarea={{ className: styles.letters }}
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
