import { Button, Menu, MenuItemRadio, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { GlobeRegular } from '@fluentui/react-icons/svg/globe';
import type { OperatorLanguage } from '../../../src/admin/contract.ts';
import { useLocale } from '../i18n/locale-context.tsx';

/** Languages are named in themselves, so that who cannot read the page finds theirs. */
const names: Readonly<Record<OperatorLanguage, string>> = { en: 'English', nb: 'Norsk (bokmål)' };

/** @param onChosen told besides, for what is kept on the server */
export function LanguageMenu({ onChosen }: { readonly onChosen?: (language: OperatorLanguage) => void }) {
  const { t, language, setLanguage } = useLocale();
  const choose = (next: OperatorLanguage): void => {
    setLanguage(next);
    onChosen?.(next);
  };
  return (
    <Menu inline checkedValues={{ language: [language] }}>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          icon={<GlobeRegular />}
          aria-label={`${language.toUpperCase()} – ${t('app.language')}: ${names[language]}`}
        >
          {language.toUpperCase()}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {(['en', 'nb'] as const).map((each) => (
            <MenuItemRadio key={each} name="language" value={each} lang={each} onClick={() => choose(each)}>
              {names[each]}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
