import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useLocale } from '../i18n/locale-context.tsx';
import { downloadText } from './download.ts';
import { useNotify } from './notify.tsx';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  value: { fontFamily: tokens.fontFamilyMonospace },
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

interface OneTimeSecretProps {
  readonly value: string;
  /** File name for who downloads it. */
  readonly fileName: string;
  readonly onClose: () => void;
}

/** A value that is shown this once. It closes only when the person says that it is stored. */
export function OneTimeSecret({ value, fileName, onClose }: OneTimeSecretProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const notify = useNotify();
  const [isKept, setKept] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(value).then(() => notify(t('state.copied')));
  };
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('secret.title')}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t('secret.text')}</Text>
            <Field label={t('secret.value')}>
              <Input readOnly value={value} className={styles.value} onFocus={(event) => event.target.select()} />
            </Field>
            <div className={styles.bar}>
              <Button onClick={copy}>{t('action.copy')}</Button>
              <Button onClick={() => downloadText(fileName, 'text/plain', value)}>{t('action.download')}</Button>
            </div>
            <Checkbox
              label={t('secret.kept')}
              checked={isKept}
              onChange={(_, { checked }) => setKept(checked === true)}
            />
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" disabled={!isKept} onClick={onClose}>
              {t('action.close')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
