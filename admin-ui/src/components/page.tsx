import { Button, makeStyles, mergeClasses, Text, Title2, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'wouter';
import { useMayChange } from '../session/use-session.ts';
import { useDocumentTitle } from './document-title.ts';
import { longestWord } from './longest-word.ts';
import { narrow } from './narrow.ts';

/** One button of the bar above a page. */
export interface Command {
  readonly label: string;
  /** The button that stays when its label becomes another one, and keeps the focus; the label without one. */
  readonly id?: string;
  readonly icon?: ReactElement;
  /** Either what it does or where it leads. */
  readonly onClick?: () => void;
  readonly href?: string;
  readonly isPrimary?: boolean;
  readonly isDisabled?: boolean;
  /** Changes something: not for operators who may only read. */
  readonly changes?: boolean;
}

const useStyles = makeStyles({
  page: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    minHeight: 0,
    flexGrow: 1,
    padding: tokens.spacingHorizontalXL,
    // What has no room is scrolled to: a message or table that gave way would be cut off.
    '> *': { flexShrink: 0 },
    [`@media ${narrow}`]: { padding: tokens.spacingHorizontalM },
  },
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  back: { color: tokens.colorBrandForegroundLink, textDecoration: 'none' },
  title: { [`@media ${narrow}`]: { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500 } },
  longTitle: {
    [`@media ${narrow}`]: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  },
  head: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
});

/** More letters than a phone has room for in a title: it is written smaller rather than broken in the middle of a word. */
const hasLongWord = (title: string): boolean => longestWord(title) > 26;

interface PageProps {
  readonly title: string;
  /** One sentence under the title. */
  readonly text?: string | undefined;
  /** The list that this page belongs to. */
  readonly back?: { readonly href: string; readonly label: string };
  readonly commands?: readonly Command[];
  readonly children: ReactNode;
}

/** Title, command bar, content: every screen is one of these. */
export function Page({ title, text, back, commands = [], children }: PageProps) {
  const styles = useStyles();
  useDocumentTitle(title);
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        {back === undefined ? null : (
          <Link href={back.href} className={styles.back}>
            ‹ {back.label}
          </Link>
        )}
        <Title2 as="h1" className={mergeClasses(styles.title, hasLongWord(title) && styles.longTitle)}>
          {title}
        </Title2>
        {text === undefined ? null : <Text>{text}</Text>}
      </div>
      <CommandBar commands={commands} />
      {children}
    </div>
  );
}

/** The buttons of a page or of a section of one. */
export function CommandBar({ commands }: { readonly commands: readonly Command[] }) {
  const styles = useStyles();
  const mayChange = useMayChange();
  const shown = commands.filter(({ changes = false }) => mayChange || !changes);
  if (shown.length === 0) return null;
  return (
    <div className={styles.bar}>
      {shown.map((command) => (
        <CommandButton key={command.id ?? command.label} command={command} />
      ))}
    </div>
  );
}

function CommandButton({ command }: { readonly command: Command }) {
  const appearance = command.isPrimary === true ? 'primary' : 'secondary';
  const icon = command.icon === undefined ? {} : { icon: command.icon };
  if (command.href === undefined) {
    return (
      <Button
        appearance={appearance}
        {...icon}
        disabled={command.isDisabled ?? false}
        onClick={() => command.onClick?.()}
      >
        {command.label}
      </Button>
    );
  }
  return (
    <Link href={command.href} asChild>
      <Button as="a" appearance={appearance} {...icon}>
        {command.label}
      </Button>
    </Link>
  );
}
