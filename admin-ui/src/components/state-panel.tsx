import { makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    textAlign: 'center',
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalXXXL} ${tokens.spacingHorizontalL}`,
  },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, justifyContent: 'center' },
});

interface StatePanelProps {
  readonly title: string;
  readonly text?: string | undefined;
  /** Said at once by screen readers. */
  readonly isAlert?: boolean;
  readonly children?: ReactNode;
}

/** What stands where content would: nothing yet, nothing found, not allowed, broken. */
export function StatePanel({ title, text, isAlert = false, children }: StatePanelProps) {
  const styles = useStyles();
  return (
    <div className={styles.root} role={isAlert ? 'alert' : undefined}>
      <Subtitle2 as="p" block>
        {title}
      </Subtitle2>
      {text === undefined ? null : <Text>{text}</Text>}
      {children === undefined ? null : <div className={styles.actions}>{children}</div>}
    </div>
  );
}
