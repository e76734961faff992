import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useFocusBack } from '../use-focus-back.ts';
import type { Field, FormValues } from './field.ts';
import { FieldText } from './field-text.tsx';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  table: { width: '100%', borderCollapse: 'collapse', textAlign: 'left' },
});

interface ConflictDialogProps {
  readonly fields: readonly Field[];
  readonly mine: FormValues;
  readonly theirs: FormValues;
  readonly onReload: () => void;
  readonly onOverwrite: () => void;
  readonly onClose: () => void;
}

/** Someone else saved in between: nothing is lost, the person chooses. */
export function ConflictDialog({ fields, mine, theirs, onReload, onOverwrite, onClose }: ConflictDialogProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const [isComparing, setComparing] = useState(false);
  useFocusBack();
  const differing = fields.filter(({ name }) => (mine[name] ?? '') !== (theirs[name] ?? ''));
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('conflict.title')}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t('conflict.text')}</Text>
            {isComparing ? (
              differing.length === 0 ? (
                <Text>{t('conflict.same')}</Text>
              ) : (
                <Differences fields={differing} mine={mine} theirs={theirs} />
              )
            ) : (
              <Button onClick={() => setComparing(true)}>{t('conflict.compare')}</Button>
            )}
          </DialogContent>
          <DialogActions fluid>
            <Button appearance="primary" onClick={onReload}>
              {t('conflict.reload')}
            </Button>
            <Button onClick={onOverwrite}>{t('conflict.overwrite')}</Button>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Differences({ fields, mine, theirs }: Pick<ConflictDialogProps, 'fields' | 'mine' | 'theirs'>) {
  const { t } = useLocale();
  const styles = useStyles();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>{t('conflict.field')}</th>
          <th>{t('conflict.mine')}</th>
          <th>{t('conflict.theirs')}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.name}>
            <th scope="row">{field.label}</th>
            <td>
              <FieldText field={field} value={mine[field.name] ?? ''} />
            </td>
            <td>
              <FieldText field={field} value={theirs[field.name] ?? ''} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
