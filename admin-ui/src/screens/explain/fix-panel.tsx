import { Button, Card, makeStyles, Text, tokens } from '@fluentui/react-components';
import type { Fix, FixOperation } from '../../../../src/admin/contract.ts';
import { useApi } from '../../api/api-context.tsx';
import { useConfirm } from '../../components/confirm.tsx';
import { useChange } from '../../components/use-change.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useMayChange } from '../../session/use-session.ts';

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  code: { overflowWrap: 'anywhere', fontFamily: tokens.fontFamilyMonospace },
});

const roots: Readonly<Record<FixOperation['surface'], string>> = {
  graph: '/v1.0/',
  'web-api': '/api/data/v9.2/',
  data: '/data/',
};

/** What can be done about a condition, each with what is different afterwards. */
export function FixPanel({ fixes }: { readonly fixes: readonly Fix[] }) {
  const { t, language } = useLocale();
  const styles = useStyles();
  const mayChange = useMayChange();
  const carryOut = useCarryOut();
  return (
    <div className={styles.list}>
      <Text>{t('explain.fixes')}</Text>
      {fixes.map((fix) => (
        <Card key={fix.title.en}>
          <Text weight="semibold">{fix.title[language]}</Text>
          {fix.operations.map(({ preview, cliCommand }) => (
            <div key={cliCommand}>
              <Text block>{preview[language]}</Text>
              <Text size={200}>{t('explain.command')}: </Text>
              <code className={styles.code}>{cliCommand}</code>
            </div>
          ))}
          {mayChange && fix.operations.length > 0 ? (
            <div>
              <Button onClick={() => carryOut(fix)}>{t('explain.carryOut')}</Button>
            </div>
          ) : null}
        </Card>
      ))}
    </div>
  );
}

/** Shows once more what will change, then does it. */
function useCarryOut(): (fix: Fix) => void {
  const { t, language } = useLocale();
  const api = useApi();
  const confirm = useConfirm();
  const change = useChange<Fix>({
    run: async ({ operations }) => {
      for (const { surface, method, path, body } of operations) {
        await api.change(method, `${roots[surface]}${path}`, body === undefined ? {} : { body });
      }
    },
    // A fix may change anything that a page shows.
    stale: [[]],
    done: ({ title }) => t('explain.carriedOut', { title: title[language] }),
  });
  return (fix) => {
    const question = {
      title: t('explain.carryOut.title', { title: fix.title[language] }),
      text: fix.operations.map(({ preview }) => preview[language]).join(' '),
      verb: t('explain.carryOut'),
    };
    void confirm(question).then((yes) => yes && change.mutate(fix));
  };
}
