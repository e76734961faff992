import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.tsx';
import { downloadText } from '../../components/download.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { useNotify } from '../../components/notify.tsx';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useSession } from '../../session/use-session.ts';
import type { Progress } from './progress.ts';
import { commandsText, envText, loadSetupText } from './set-up-texts.ts';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  code: {
    margin: 0,
    padding: tokens.spacingHorizontalM,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    backgroundColor: tokens.colorNeutralBackground3,
  },
});

interface TakeAwayProps {
  readonly progress: Progress;
  readonly secret: string | undefined;
}

/** What a client needs, and the same set-up for another place: as a file, and as commands. */
export function TakeAway({ progress, secret }: TakeAwayProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const api = useApi();
  const { environment } = useSession();
  const { appId: clientId, displayName } = progress.application;
  const setup = useQuery({
    queryKey: ['connect', clientId, 'setup'],
    queryFn: ({ signal }) => loadSetupText(api, progress, signal),
  });
  const fileName = displayName.replace(/[^\p{L}\p{N}]+/gu, '-');
  const env = (): void => {
    const { url, tenantId } = environment;
    downloadText('.env', 'text/plain', envText({ url, tenantId, clientId, secret }));
  };
  return (
    <>
      <Section title={t('connect.env')} text={secret === undefined ? t('connect.env.noSecret') : t('connect.env.text')}>
        <div>
          <Button onClick={env}>{t('connect.env.button')}</Button>
        </div>
      </Section>
      <Section title={t('connect.same')} text={t('connect.same.text')}>
        <Code title={t('connect.same.commands')} text={commandsText(progress)} />
        {setup.isPending ? <Loading /> : null}
        {setup.isError ? <ErrorState error={setup.error} onRetry={() => void setup.refetch()} /> : null}
        {setup.data === undefined ? null : (
          <>
            <div className={styles.bar}>
              <Button onClick={() => downloadText(`${fileName}.setup.yaml`, 'application/yaml', setup.data)}>
                {t('connect.same.download')}
              </Button>
            </div>
            <Code title={t('connect.same.file')} text={setup.data} />
          </>
        )}
      </Section>
    </>
  );
}

function Code({ title, text }: { readonly title: string; readonly text: string }) {
  const { t } = useLocale();
  const styles = useStyles();
  const notify = useNotify();
  return (
    <details>
      <summary>
        <Text weight="semibold">{title}</Text>
      </summary>
      <Button
        size="small"
        onClick={() => void navigator.clipboard.writeText(text).then(() => notify(t('state.copied')))}
      >
        {t('action.copy')}
      </Button>
      <pre className={styles.code}>{text}</pre>
    </details>
  );
}
