import { useLocale } from '../i18n/locale-context.tsx';
import { useConfirm } from './confirm.tsx';
import { type Change, useChange } from './use-change.ts';

interface Deletion<T> extends Pick<Change<T>, 'run' | 'stale' | 'gone'> {
  readonly nameOf: (input: T) => string;
  /** The question, and what goes with it. */
  readonly titleOf: (name: string) => string;
  readonly text: string;
}

/** A deletion by one button: asks first, then says that it is done, or why it was refused. */
export function useDeletion<T = void>({ nameOf, titleOf, text, ...change }: Deletion<T>): (input: T) => void {
  const { t } = useLocale();
  const confirm = useConfirm();
  const remove = useChange<T>({ ...change, done: (input) => t('state.deleted', { name: nameOf(input) }) });
  return (input) => {
    const question = { title: titleOf(nameOf(input)), text, verb: t('action.delete') };
    void confirm(question).then((yes) => yes && remove.mutate(input));
  };
}
