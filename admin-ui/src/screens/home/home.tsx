import { Card, CardHeader, makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { Link } from 'wouter';
import { Page } from '../../components/page.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { useSession } from '../../session/use-session.ts';
import { areaTexts } from '../../shell/area-texts.ts';
import { useMenu } from '../../shell/menu-context.ts';

const useStyles = makeStyles({
  cards: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 16rem), 1fr))',
    gap: tokens.spacingHorizontalL,
    padding: 0,
    margin: 0,
    listStyleType: 'none',
  },
  card: { height: '100%' },
  links: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  link: { color: tokens.colorBrandForegroundLink },
});

/** Where one can go from here. */
export function Screen() {
  const { t } = useLocale();
  const styles = useStyles();
  const { user, environment } = useSession();
  return (
    <Page
      title={t('home.welcome', { name: user.name })}
      text={t('home.environment', { name: environment.name, url: environment.url })}
    >
      <Text>{t('home.where')}</Text>
      <ul className={styles.cards}>
        {useMenu()
          .filter(({ area }) => area !== 'home')
          .map(({ area, entries }) => (
            <li key={area}>
              <Card className={styles.card}>
                <CardHeader header={<Subtitle2 as="h2">{t(areaTexts[area])}</Subtitle2>} />
                <div className={styles.links}>
                  {entries.map(({ path, nav }) => (
                    <Link key={path} href={path} className={styles.link}>
                      {t(nav)}
                    </Link>
                  ))}
                </div>
              </Card>
            </li>
          ))}
      </ul>
    </Page>
  );
}
