import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';
import { ProblemBar } from '../problem-bar.tsx';
import { checkFields, isVisible } from './check-fields.ts';
import { ConflictDialog } from './conflict-dialog.tsx';
import type { Field, FormValues } from './field.ts';
import { FieldInput } from './field-input.tsx';
import { useUnsaved } from './unsaved.tsx';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, maxWidth: '40rem' },
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

interface RecordFormProps {
  readonly fields: readonly Field[];
  /** What is saved now; empty texts for a new row. */
  readonly saved: FormValues;
  /**
   * Sends the form. `changed` has the fields that differ from `saved`; with `overwrite` the row is written whatever its
   * version (leave out `If-Match`).
   */
  readonly save: (changed: FormValues, options: SaveOptions) => Promise<void>;
  /** Reads the row again after somebody else's change: the caller's `saved` must follow. */
  readonly reload?: () => Promise<FormValues>;
  readonly submitLabel?: string;
  readonly onCancel?: () => void;
  /** Between the last field and the buttons: what is saved with them and is no field. */
  readonly children?: ReactNode;
}

interface SaveOptions {
  readonly values: FormValues;
  readonly overwrite: boolean;
}

/** Fields as data: checks at the field, the server's messages at the field they name, others' changes as a choice. */
export function RecordForm({ fields, saved, save, reload, submitLabel, onCancel, children }: RecordFormProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const form = useForm(fields, { saved, save }, reload);
  const mayChange = useMayChange();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // The button keeps the focus while the form is sent, and can be pressed.
    if (!form.isBusy) form.submit();
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {form.hasMessages ? (
        <MessageBar intent="error" role="alert">
          <MessageBarBody>{t('form.check')}</MessageBarBody>
        </MessageBar>
      ) : null}
      <ProblemBar error={form.problem} />
      {form.fields.map((field) => (
        <FieldInput
          key={field.name}
          field={mayChange ? field : { ...field, isReadOnly: true }}
          value={form.values[field.name] ?? ''}
          message={form.messages[field.name]}
          onChange={(value) => form.set(field.name, value)}
        />
      ))}
      {children}
      {mayChange ? (
        <div className={styles.bar}>
          <Button type="submit" appearance="primary" disabledFocusable={form.isBusy}>
            {submitLabel ?? t('action.save')}
          </Button>
          {onCancel === undefined ? null : <Button onClick={onCancel}>{t('action.cancel')}</Button>}
        </div>
      ) : null}
      {form.theirs === undefined ? null : (
        <ConflictDialog
          fields={form.fields}
          mine={form.mine}
          theirs={form.theirs}
          onReload={form.takeTheirs}
          onOverwrite={form.overwrite}
          onClose={form.closeConflict}
        />
      )}
    </form>
  );
}

/** The server's messages at the fields that they name. */
const messagesOf = (fields: readonly Field[], error: ApiError): Readonly<Record<string, string>> =>
  Object.fromEntries(
    fields.flatMap(({ name, aliases = [] }) => {
      const message = [name, ...aliases].map((each) => error.fields[each]).find((each) => each !== undefined);
      return message === undefined ? [] : [[name, message]];
    }),
  );

type Stored = Pick<RecordFormProps, 'saved' | 'save'>;

/**
 * What is stored, as the form began from: the page may read the row again while somebody types, and with the version of that
 * one a change that nobody has seen would be written over without a question.
 */
function useBegun(given: Stored, reload: RecordFormProps['reload']) {
  const [begun, setBegun] = useState<Stored>();
  return {
    ...(begun ?? given),
    keep: (): void => setBegun((now) => now ?? (reload === undefined ? undefined : given)),
    forget: (): void => setBegun(undefined),
  };
}

/** What was typed, without what was sent of it. */
const without = (edits: FormValues, sent: FormValues): FormValues =>
  Object.fromEntries(Object.entries(edits).filter(([name, value]) => value !== sent[name]));

function useForm(fields: readonly Field[], given: Stored, reload: RecordFormProps['reload']) {
  const { t } = useLocale();
  const [edits, setEdits] = useState<FormValues>({});
  const [messages, setMessages] = useState<Readonly<Record<string, string>>>({});
  const [theirs, setTheirs] = useState<FormValues>();
  const { saved, save, keep, forget } = useBegun(given, reload);
  const values = { ...saved, ...edits };
  const changed = Object.fromEntries(Object.entries(edits).filter(([name, value]) => value !== (saved[name] ?? '')));
  const { release, hold } = useUnsaved(Object.keys(changed).length > 0);
  const beginAnew = (sent?: FormValues): void => {
    setEdits((now) => (sent === undefined ? {} : without(now, sent)));
    setTheirs(undefined);
    forget();
  };
  const sending = useMutation({
    mutationFn: async (overwrite: boolean) => {
      release();
      await save(changed, { values, overwrite });
      return edits;
    },
    onSuccess: (sent) => beginAnew(sent),
    onError: async (error) => {
      hold();
      if (!(error instanceof ApiError)) return;
      if (error.isConflict && reload !== undefined) setTheirs(await reload());
      else setMessages(messagesOf(fields, error));
    },
  });
  const submit = (): void => {
    const found = checkFields(fields, values, t);
    setMessages(found);
    if (Object.keys(found).length === 0) sending.mutate(false);
  };
  return {
    fields: fields.filter((field) => isVisible(field, values)),
    ...{ values, messages, theirs, submit },
    mine: { ...theirs, ...edits },
    hasMessages: Object.keys(messages).length > 0,
    problem: theirs === undefined ? sending.error : undefined,
    isBusy: sending.isPending,
    set: (name: string, value: string | boolean): void => {
      keep();
      // What is typed while the rest is on its way goes with no answer.
      if (sending.isPending) hold();
      setEdits((now) => ({ ...now, [name]: value }));
    },
    overwrite: (): void => sending.mutate(true),
    takeTheirs: (): void => {
      beginAnew();
      sending.reset();
    },
    closeConflict: (): void => setTheirs(undefined),
  };
}
