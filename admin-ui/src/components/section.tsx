import { makeStyles, Subtitle1, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { type Command, CommandBar } from './page.tsx';

const useStyles = makeStyles({
  section: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    paddingTop: tokens.spacingVerticalL,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

interface SectionProps {
  readonly title: string;
  readonly text?: string;
  readonly commands?: readonly Command[];
  readonly children: ReactNode;
}

/** A part of a page, one under the other. */
export function Section({ title, text, commands = [], children }: SectionProps) {
  const styles = useStyles();
  return (
    <section className={styles.section}>
      <Subtitle1 as="h2">{title}</Subtitle1>
      {text === undefined ? null : <Text>{text}</Text>}
      <CommandBar commands={commands} />
      {children}
    </section>
  );
}
