import { Facts } from '../../components/facts.tsx';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useSession } from '../../session/use-session.ts';
import { roleTexts } from '../../shell/role-texts.ts';
import { OwnPasskeys } from './own-passkeys.tsx';
import { OwnPassword } from './own-password.tsx';

/** The operator's own things. */
export function Screen() {
  const { t } = useLocale();
  const { user } = useSession();
  return (
    <Page title={t('account.title')}>
      <Facts
        facts={[
          { term: t('signIn.name'), value: user.name },
          { term: t('operators.role'), value: t(roleTexts[user.role]) },
        ]}
      />
      <OwnPasskeys hasPassword={user.hasPassword} />
      <OwnPassword hasPassword={user.hasPassword} />
    </Page>
  );
}
