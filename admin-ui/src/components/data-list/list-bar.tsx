import {
  Button,
  Input,
  Menu,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { ColumnEditRegular } from '@fluentui/react-icons/svg/column-edit';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { useLocale } from '../../i18n/locale-context.tsx';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' },
  search: { flexGrow: 1, maxWidth: '24rem', minWidth: '10rem' },
});

interface ListBarProps {
  readonly search: string;
  readonly onSearch: (text: string) => void;
  readonly columns: readonly { readonly id: string; readonly title: string }[];
  readonly picked: readonly string[];
  readonly onToggle: (id: string) => void;
  readonly onExport: () => void;
}

/** Search, column picker and export of a list. */
export function ListBar({ search, onSearch, columns, picked, onToggle, onExport }: ListBarProps) {
  const { t } = useLocale();
  const styles = useStyles();
  return (
    <div className={styles.bar}>
      <Input
        type="search"
        className={styles.search}
        contentBefore={<SearchRegular />}
        placeholder={t('list.search')}
        aria-label={t('list.search')}
        value={search}
        onChange={(_, { value }) => onSearch(value)}
      />
      <Menu inline checkedValues={{ columns: [...picked] }} persistOnItemClick>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<ColumnEditRegular />}>
            {t('list.columns')}
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {columns.slice(1).map(({ id, title }) => (
              <MenuItemCheckbox key={id} name="columns" value={id} onClick={() => onToggle(id)}>
                {title}
              </MenuItemCheckbox>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      <Button appearance="subtle" icon={<ArrowDownloadRegular />} onClick={onExport}>
        {t('list.export')}
      </Button>
    </div>
  );
}
