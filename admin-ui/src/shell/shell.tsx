import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { useLocale } from '../i18n/locale-context.tsx';
import { useSession } from '../session/use-session.ts';
import { menuOf } from './menu.ts';
import { MenuContext } from './menu-context.ts';
import { Navigation } from './navigation.tsx';
import { TopBar } from './top-bar.tsx';
import { useKeptFocus } from './use-kept-focus.ts';

/** Under this width the menu is behind a button. */
const narrow = '@media (max-width: 960px)';

const useStyles = makeStyles({
  root: { height: '100%', display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground2 },
  skip: {
    position: 'absolute',
    left: '-100vw',
    zIndex: 10,
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForegroundLink,
    ':focus': { left: 0 },
  },
  body: { flexGrow: 1, minHeight: 0, display: 'flex' },
  menu: {
    // As wide as its longest word in bold, which is Norwegian.
    flex: '0 0 20.5rem',
    overflowY: 'auto',
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
    [narrow]: { display: 'none', flexBasis: '100%', borderRight: 'none' },
  },
  menuOpen: { [narrow]: { display: 'block', flexBasis: 'auto', flexGrow: 1, minHeight: 0 } },
  bodyOfMenu: { [narrow]: { flexDirection: 'column' } },
  menuTitle: {
    display: 'none',
    [narrow]: { display: 'block', padding: tokens.spacingHorizontalM, fontSize: tokens.fontSizeBase500 },
  },
  main: {
    flexGrow: 1,
    minWidth: 0,
    overflowY: 'auto',
    display: 'flex',
    flexDirection: 'column',
    backgroundColor: tokens.colorNeutralBackground1,
  },
  // The menu has the place of the content then; of that the title is left, for who goes by landmarks and headings.
  mainOfMenu: { [narrow]: { order: -1, flexGrow: 0, flexShrink: 0, overflowY: 'visible' } },
  content: { display: 'contents' },
  covered: { [narrow]: { display: 'none' } },
});

/** Bar, menu and the place of the screen. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useLocale();
  const styles = useStyles();
  const { user } = useSession();
  const menu = useMemo(() => menuOf(user.role), [user.role]);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const menuButton = useRef<HTMLElement>(null);
  useKeptFocus(main);
  const closeByKey = ({ key }: KeyboardEvent): void => {
    if (key !== 'Escape' || !isMenuOpen) return;
    setMenuOpen(false);
    menuButton.current?.focus();
  };
  return (
    <MenuContext value={menu}>
      <div className={styles.root}>
        <a href="#content" className={styles.skip}>
          {t('app.skip')}
        </a>
        <TopBar
          isMenuOpen={isMenuOpen}
          onMenu={() => setMenuOpen(!isMenuOpen)}
          menuButton={(button) => {
            menuButton.current = button;
          }}
        />
        <div className={mergeClasses(styles.body, isMenuOpen && styles.bodyOfMenu)}>
          <div className={mergeClasses(styles.menu, isMenuOpen && styles.menuOpen)}>
            <Navigation onChosen={() => setMenuOpen(false)} onKeyDown={closeByKey} />
          </div>
          <main
            ref={main}
            id="content"
            tabIndex={-1}
            className={mergeClasses(styles.main, isMenuOpen && styles.mainOfMenu)}
          >
            {isMenuOpen ? <h1 className={styles.menuTitle}>{t('app.menu')}</h1> : null}
            <div className={mergeClasses(styles.content, isMenuOpen && styles.covered)}>{children}</div>
          </main>
        </div>
      </div>
    </MenuContext>
  );
}
