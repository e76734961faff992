import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { createContext, type ReactNode, use, useCallback, useState } from 'react';
import { useLocale } from '../i18n/locale-context.tsx';
import { useFocusBack } from './use-focus-back.ts';

interface Question {
  readonly title: string;
  readonly text?: string;
  /** The verb of what will be done, never «yes». */
  readonly verb: string;
  /** The safe choice; «Cancel» unless told. */
  readonly cancel?: string;
}

type Confirm = (question: Question) => Promise<boolean>;
const ConfirmContext = createContext<Confirm | undefined>(undefined);

export function ConfirmProvider({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<{ readonly question: Question; readonly answer: (yes: boolean) => void }>();
  const confirm = useCallback<Confirm>((question) => new Promise((answer) => setAsked({ question, answer })), []);
  const answer = (yes: boolean): void => {
    asked?.answer(yes);
    setAsked(undefined);
  };
  return (
    <ConfirmContext value={confirm}>
      {children}
      {asked === undefined ? null : <ConfirmDialog question={asked.question} onAnswer={answer} />}
    </ConfirmContext>
  );
}

interface ConfirmDialogProps {
  readonly question: Question;
  readonly onAnswer: (yes: boolean) => void;
}

function ConfirmDialog({ question, onAnswer }: ConfirmDialogProps) {
  const { t } = useLocale();
  useFocusBack();
  return (
    <Dialog open modalType="alert" onOpenChange={() => onAnswer(false)}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{question.title}</DialogTitle>
          <DialogContent>{question.text}</DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={() => onAnswer(true)}>
              {question.verb}
            </Button>
            <Button onClick={() => onAnswer(false)}>{question.cancel ?? t('action.cancel')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** Asks before what cannot be undone: `if (await confirm({ … })) …`. */
export function useConfirm(): Confirm {
  const confirm = use(ConfirmContext);
  if (confirm === undefined) throw new Error('useConfirm outside ConfirmProvider');
  return confirm;
}
