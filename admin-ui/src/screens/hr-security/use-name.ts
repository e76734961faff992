import { useCallback } from 'react';
import { useLocale } from '../../i18n/locale-context.tsx';
import { roleName } from '../human-resources/role-name.ts';
import type { Container, HrRow } from './container.ts';

/** What a row of a kind is called in the reader's language. */
export function useName(kind: Container): (row: HrRow) => string {
  const { language } = useLocale();
  return useCallback(
    (row) => {
      const [identifier = '', name = ''] = [row[kind.id], row[kind.name]];
      return kind.set === 'SecurityRoles' ? roleName(language, identifier, name) : name;
    },
    [kind, language],
  );
}
