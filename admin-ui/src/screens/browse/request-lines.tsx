import { Facts } from '../../components/facts.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import type { TableModel } from '../../model/table-model.ts';
import { useSession } from '../../session/use-session.ts';
import { optionsOf, setPath, type View, viewPath } from './view.ts';

/** Within single quotes of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The request that a view is: as a URL, and as a command. */
export function RequestLines({ model, view }: { readonly model: TableModel; readonly view: View }) {
  const { t } = useLocale();
  const { environment } = useSession();
  const url = environment.url + viewPath(model, view);
  const options = Object.entries(optionsOf(model, view)).flatMap(([name, value]) =>
    value === undefined ? [] : [`--data-urlencode ${quoted(`${name}=${value}`)}`],
  );
  const curl = ['curl -G', quoted(environment.url + setPath(model)), '-H "Authorization: Bearer $TOKEN"', ...options];
  const command = curl.join(' ');
  return (
    <Facts
      facts={[
        { term: t('data.url'), value: <code>{url}</code>, copy: url },
        { term: t('data.curl'), value: <code>{command}</code>, copy: command },
      ]}
    />
  );
}
