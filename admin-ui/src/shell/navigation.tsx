import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { KeyboardEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { useLocale } from '../i18n/locale-context.tsx';
import { areaTexts } from './area-texts.ts';
import { useMenu } from './menu-context.ts';

const useStyles = makeStyles({
  nav: { padding: tokens.spacingHorizontalM, overflowY: 'auto' },
  heading: {
    margin: `${tokens.spacingVerticalM} 0 ${tokens.spacingVerticalXXS}`,
    paddingLeft: tokens.spacingHorizontalM,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground2,
  },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  link: {
    display: 'block',
    minHeight: '24px',
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecoration: 'none',
    ':hover': { backgroundColor: tokens.colorNeutralBackground2Hover },
  },
  current: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    fontWeight: tokens.fontWeightSemibold,
    boxShadow: `inset 3px 0 0 ${tokens.colorCompoundBrandStroke}`,
  },
});

interface NavigationProps {
  /** Closes it where it covers the page. */
  readonly onChosen: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The main menu, by area. */
export function Navigation({ onChosen, onKeyDown }: NavigationProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const [location] = useLocation();
  return (
    <nav aria-label={t('app.navigation')} className={styles.nav} onKeyDown={onKeyDown}>
      {useMenu().map(({ area, entries }) => (
        <section key={area} aria-label={t(areaTexts[area])}>
          {area === 'home' ? null : <h2 className={styles.heading}>{t(areaTexts[area])}</h2>}
          <ul className={styles.list}>
            {entries.map(({ path, nav }) => {
              const isCurrent = path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
              return (
                <li key={path}>
                  <Link
                    href={path}
                    onClick={onChosen}
                    aria-current={isCurrent ? 'page' : undefined}
                    className={mergeClasses(styles.link, isCurrent && styles.current)}
                  >
                    {t(nav)}
                  </Link>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </nav>
  );
}
