import { Link, MessageBar, MessageBarBody, MessageBarTitle, Text } from '@fluentui/react-components';
import { ApiError } from '../api/api-error.ts';
import { problemText } from '../api/problem-text.ts';
import { useLocale } from '../i18n/locale-context.tsx';
import { useMayAdminister } from '../session/use-session.ts';
import { explainHref } from './explain-href.ts';

/** A change that was refused, above what was to be changed. */
export function ProblemBar({ error }: { readonly error: unknown }) {
  const { t } = useLocale();
  const mayExplain = useMayAdminister();
  if (error === null || error === undefined) return null;
  const refusal = error instanceof ApiError ? error : undefined;
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{t('error.title')}</MessageBarTitle> {problemText(error, t)}{' '}
        {refusal?.fix === undefined ? null : <Text>{refusal.fix} </Text>}
        {refusal?.requestId === undefined ? null : (
          <>
            <Text size={200}>{t('error.reference', { id: refusal.requestId })}</Text>{' '}
            {mayExplain ? <Link href={explainHref(refusal.requestId)}>{t('action.explain')}</Link> : null}
          </>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}
