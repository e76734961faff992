import { makeStyles, tokens } from '@fluentui/react-components';
import { narrow } from '../narrow.ts';

/** On a narrow window a row is a card: one line for each column, with its title. */
export const useGridStyles = makeStyles({
  grid: {
    flexGrow: 1,
    minHeight: '12rem',
    height: '0',
    // The page scrolls there too: what is left of a phone's height may be next to nothing.
    [`@media ${narrow}`]: { minHeight: '24rem' },
    overflow: 'auto',
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  header: {
    position: 'sticky',
    top: 0,
    zIndex: 1,
    display: 'flex',
    minWidth: 'fit-content',
    backgroundColor: tokens.colorNeutralBackground3,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    [`@media ${narrow}`]: { position: 'static', flexWrap: 'wrap', minWidth: 0, fontSize: tokens.fontSizeBase200 },
  },
  rows: { position: 'relative', [`@media ${narrow}`]: { minWidth: 0 } },
  row: {
    position: 'absolute',
    top: 0,
    left: 0,
    width: '100%',
    minWidth: 'fit-content',
    display: 'flex',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    [`@media ${narrow}`]: { flexDirection: 'column', minWidth: 0, padding: `${tokens.spacingVerticalS} 0` },
  },
  active: { boxShadow: `inset 3px 0 0 ${tokens.colorCompoundBrandStroke}` },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected },
  cell: {
    flexBasis: '0',
    minWidth: 'max(8rem, var(--title-width, 0rem))',
    overflowWrap: 'anywhere',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    [`@media ${narrow}`]: {
      flexBasis: 'auto',
      minWidth: 0,
      padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalM}`,
    },
  },
  /** Two titles beside each other, each as wide as the other; a long one has a line for itself. */
  heading: { [`@media ${narrow}`]: { minWidth: '50%' } },
  /** A card has no line for what is empty. */
  blank: { [`@media ${narrow}`]: { display: 'none' } },
  number: { textAlign: 'right', [`@media ${narrow}`]: { textAlign: 'left' } },
  tick: {
    flex: '0 0 2.5rem',
    minWidth: '2.5rem',
    display: 'flex',
    alignItems: 'flex-start',
  },
  sort: {
    appearance: 'none',
    border: 'none',
    padding: 0,
    textAlign: 'inherit',
    fontFamily: 'inherit',
    fontSize: 'inherit',
    fontWeight: tokens.fontWeightSemibold,
    color: 'inherit',
    backgroundColor: 'transparent',
    cursor: 'pointer',
    minHeight: '24px',
    hyphens: 'auto',
  },
  title: {
    display: 'none',
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    [`@media ${narrow}`]: { display: 'inline', marginRight: tokens.spacingHorizontalS },
  },
  link: { color: tokens.colorBrandForegroundLink, textDecoration: 'none', ':hover': { textDecoration: 'underline' } },
});
