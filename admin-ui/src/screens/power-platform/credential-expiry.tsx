import { Badge } from '@fluentui/react-components';
import { useLocale } from '../../i18n/locale-context.tsx';

const day = 86_400_000;

/** When a credential ends; marked when that is soon, or over. */
export function CredentialExpiry({ endDateTime }: { readonly endDateTime: string }) {
  const { t, date } = useLocale();
  const left = Math.floor((Date.parse(endDateTime) - Date.now()) / day);
  return (
    <>
      {date(endDateTime)}{' '}
      {left < 0 ? (
        <Badge color="danger">{t('secrets.expired')}</Badge>
      ) : left <= 60 ? (
        <Badge appearance="tint" color="warning">
          {t('secrets.daysLeft', { n: left })}
        </Badge>
      ) : null}
    </>
  );
}
