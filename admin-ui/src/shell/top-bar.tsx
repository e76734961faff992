import {
  Button,
  Menu,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components';
import { DarkThemeRegular } from '@fluentui/react-icons/svg/dark-theme';
import { NavigationRegular } from '@fluentui/react-icons/svg/navigation';
import { PersonRegular } from '@fluentui/react-icons/svg/person';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { OperatorLanguage, Session, SessionUpdate } from '../../../src/admin/contract.ts';
import { useApi } from '../api/api-context.tsx';
import { useLocale } from '../i18n/locale-context.tsx';
import { useSession, useUpdateSession } from '../session/use-session.ts';
import { type Appearance, useTheme } from '../theme/theme-context.tsx';
import { LanguageMenu } from './language-menu.tsx';
import { roleTexts } from './role-texts.ts';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  names: { flexGrow: 1, minWidth: 0, display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalM },
  toggle: { '@media (min-width: 961px)': { display: 'none' } },
});

interface TopBarProps {
  readonly isMenuOpen: boolean;
  readonly onMenu: () => void;
  /** Told the button of the menu, to which the focus goes back. */
  readonly menuButton: (button: HTMLElement | null) => void;
}

export function TopBar({ isMenuOpen, onMenu, menuButton }: TopBarProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const { environment } = useSession();
  const keepLanguage = useKeepLanguage();
  return (
    <header className={styles.bar}>
      <Button
        ref={menuButton}
        className={styles.toggle}
        appearance="subtle"
        icon={<NavigationRegular />}
        aria-label={t('app.menu')}
        aria-expanded={isMenuOpen}
        onClick={onMenu}
      />
      <div className={styles.names}>
        <Text weight="semibold">{t('app.name')}</Text>
        <Text>{environment.name}</Text>
      </div>
      <LanguageMenu onChosen={keepLanguage} />
      <ThemeMenu />
      <AccountMenu />
    </header>
  );
}

/** The choice follows the operator to other machines. */
function useKeepLanguage(): (language: OperatorLanguage) => void {
  const api = useApi();
  const update = useUpdateSession();
  const keep = useMutation({
    mutationFn: (body: SessionUpdate) => api.change<Session>('PATCH', '/portvakt/v1/session', { body }),
    onSuccess: update,
  });
  return (language) => keep.mutate({ language });
}

function ThemeMenu() {
  const { t } = useLocale();
  const { appearance, setAppearance } = useTheme();
  const choices: readonly (readonly [Appearance, string])[] = [
    ['light', t('app.theme.light')],
    ['dark', t('app.theme.dark')],
    ['system', t('app.theme.system')],
  ];
  return (
    <Menu inline checkedValues={{ theme: [appearance] }}>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<DarkThemeRegular />} aria-label={t('app.theme')} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {choices.map(([value, label]) => (
            <MenuItemRadio key={value} name="theme" value={value} onClick={() => setAppearance(value)}>
              {label}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function AccountMenu() {
  const { t } = useLocale();
  const { user } = useSession();
  const api = useApi();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const signOut = useMutation({
    mutationFn: () => api.change('DELETE', '/portvakt/v1/session'),
    onSettled: () => queries.resetQueries(),
  });
  return (
    <Menu inline>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<PersonRegular />} aria-label={t('app.account')} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{t('app.signedInAs', { name: user.name })}</MenuGroupHeader>
            <MenuGroupHeader>{t(roleTexts[user.role])}</MenuGroupHeader>
            <MenuItem onClick={() => navigate('/account')}>{t('account.title')}</MenuItem>
            <MenuItem onClick={() => signOut.mutate()}>{t('app.signOut')}</MenuItem>
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
