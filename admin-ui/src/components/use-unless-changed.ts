import { ApiError } from '../api/api-error.ts';
import { useLocale } from '../i18n/locale-context.tsx';
import { useConfirm } from './confirm.tsx';

interface Sent {
  /** Version of the row that the page shows. */
  readonly etag: string;
  /** Sends the change with a header `If-Match`. */
  readonly send: (match: string) => Promise<unknown>;
  /** What is done all the same, as a verb. */
  readonly verb: string;
  readonly title?: string;
  readonly text?: string;
}

/**
 * Changes a row by one button unless somebody else has changed it meanwhile: then the person chooses.
 * @returns whether it was changed
 */
export function useUnlessChanged(): (change: Sent) => Promise<boolean> {
  const { t } = useLocale();
  const confirm = useConfirm();
  return async ({ etag, send, verb, title = t('conflict.title'), text = t('conflict.text') }) => {
    try {
      await send(etag);
    } catch (error) {
      if (!(error instanceof ApiError) || !error.isConflict) throw error;
      if (!(await confirm({ title, text, verb }))) return false;
      await send('*');
    }
    return true;
  };
}
