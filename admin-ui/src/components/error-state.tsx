import { Button, Link, Text } from '@fluentui/react-components';
import { ApiError } from '../api/api-error.ts';
import { problemText } from '../api/problem-text.ts';
import { useLocale } from '../i18n/locale-context.tsx';
import { explainHref } from './explain-href.ts';
import { StatePanel } from './state-panel.tsx';

/** A question that was not answered: why, by which reference, and another try. A missing right is said as such. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useLocale();
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  const isForbidden = error instanceof ApiError && error.status === 403;
  return (
    <StatePanel title={isForbidden ? t('state.noPermission') : t('error.title')} text={problemText(error, t)} isAlert>
      {requestId === undefined ? null : <Text size={200}>{t('error.reference', { id: requestId })}</Text>}
      {requestId === undefined || !isForbidden ? null : (
        <Link href={explainHref(requestId)}>{t('action.explain')}</Link>
      )}
      {onRetry === undefined ? null : <Button onClick={onRetry}>{t('action.tryAgain')}</Button>}
    </StatePanel>
  );
}
