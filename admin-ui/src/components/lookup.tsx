import { Combobox, makeStyles, Option, Text } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiClient } from '../api/api-client.ts';
import { useApi } from '../api/api-context.tsx';
import { problemText } from '../api/problem-text.ts';
import { useLocale } from '../i18n/locale-context.tsx';
import { searchable } from './data-list/column.ts';

export interface LookupOption {
  readonly value: string;
  readonly label: string;
  /** Tells apart what has the same label, such as an id. */
  readonly secondary?: string;
}

/** Where a lookup finds its rows. */
export interface LookupSource {
  /** Names the query among all of them. */
  readonly key: string;
  readonly load: (api: ApiClient, signal: AbortSignal) => Promise<readonly LookupOption[]>;
  /** Takes what was typed although no row has it, such as an id from elsewhere. */
  readonly isOpen?: boolean;
}

interface LookupProps {
  readonly source: LookupSource;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const mostOptions = 100;

/** Long lists scroll; they cover neither the field nor the window. */
const useStyles = makeStyles({ list: { maxHeight: '18rem' } });

/** All rows of a source, read once for every lookup of it. */
export function useLookupOptions(source: LookupSource) {
  const api = useApi();
  return useQuery({
    queryKey: ['lookup', source.key],
    queryFn: ({ signal }) => source.load(api, signal),
  });
}

/** Finds a row by any part of its label or id. Stands in a `Field`, which names it. */
export function Lookup({ source, value, onChange, ...field }: LookupProps) {
  const { t } = useLocale();
  const styles = useStyles();
  const [typed, setTyped] = useState<string>();
  const options = useLookupOptions(source);
  const all = options.data ?? [];
  const chosen = all.find((each) => each.value === value);
  const words = searchable(typed ?? '');
  const shown = all
    .filter(({ label, secondary = '' }) => searchable(`${label} ${secondary}`).includes(words))
    .slice(0, mostOptions);
  return (
    <Combobox
      {...field}
      freeform
      expandIcon={{ 'aria-label': t('action.open') }}
      placeholder={t('form.choose')}
      value={typed ?? chosen?.label ?? value}
      selectedOptions={value === '' ? [] : [value]}
      listbox={{ className: styles.list }}
      positioning={{ position: 'below', align: 'start', fallbackPositions: ['above'] }}
      onChange={({ target }) => {
        setTyped(target.value);
        if (target.value === '') onChange('');
        else if (source.isOpen === true) onChange(target.value.trim());
      }}
      onOptionSelect={(_, { optionValue }) => {
        // Text that no option begins with: the library says that nothing is selected any more.
        if (optionValue === undefined) return;
        setTyped(undefined);
        onChange(optionValue);
      }}
      onBlur={() => setTyped(undefined)}
    >
      {options.isError ? (
        <Option disabled text="">
          {problemText(options.error, t)}
        </Option>
      ) : null}
      {shown.length === 0 && !options.isError ? (
        <Option disabled text="">
          {options.isPending ? t('state.loading') : t('state.nothingFound')}
        </Option>
      ) : null}
      {shown.map((option) => (
        <Option key={option.value} value={option.value} text={option.label}>
          <span>
            {option.label}
            {option.secondary === undefined ? null : (
              <Text block size={200}>
                {option.secondary}
              </Text>
            )}
          </span>
        </Option>
      ))}
    </Combobox>
  );
}
