import { Card, makeStyles, Title2, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { LanguageMenu } from '../shell/language-menu.tsx';

const useStyles = makeStyles({
  page: {
    minHeight: '100%',
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'center',
    gap: tokens.spacingVerticalL,
    padding: tokens.spacingHorizontalL,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  card: { width: '100%', maxWidth: '26rem', padding: tokens.spacingHorizontalXXL, gap: tokens.spacingVerticalL },
});

/** The page in front of the door: sign-in and the one-time link. */
export function Entrance({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const styles = useStyles();
  return (
    <main className={styles.page}>
      <Card className={styles.card}>
        <Title2 as="h1">{title}</Title2>
        {children}
      </Card>
      <LanguageMenu />
    </main>
  );
}
