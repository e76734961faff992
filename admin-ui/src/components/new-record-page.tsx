import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { ApiClient } from '../api/api-client.ts';
import { useApi } from '../api/api-context.tsx';
import { useLocale } from '../i18n/locale-context.tsx';
import { useNotify } from './notify.tsx';
import { Page } from './page.tsx';
import type { Field, FormValues } from './record-form/field.ts';
import { RecordForm } from './record-form/record-form.tsx';

/** What was made: its name, and the page to go on to; the list where there is none. */
interface Made {
  readonly name: string;
  readonly href?: string;
}

interface NewRecordPageProps {
  readonly title: string;
  /** The list that it is made from. */
  readonly list: { readonly href: string; readonly label: string };
  readonly fields: readonly Field[];
  readonly saved: FormValues;
  readonly submitLabel?: string;
  /** Queries that show something else afterwards: all whose keys begin so. */
  readonly stale: readonly (readonly string[])[];
  readonly create: (api: ApiClient, values: FormValues) => Promise<Made>;
  /** Below the fields. */
  readonly children?: ReactNode;
}

/** A page on which one row is made. */
export function NewRecordPage({
  title,
  list,
  fields,
  saved,
  submitLabel,
  stale,
  create,
  children,
}: NewRecordPageProps) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  const [, navigate] = useLocation();
  return (
    <Page title={title} back={list}>
      <RecordForm
        fields={fields}
        saved={saved}
        {...(submitLabel !== undefined && { submitLabel })}
        onCancel={() => navigate(list.href)}
        save={async (_, { values }) => {
          const { name, href } = await create(api, values);
          await Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey })));
          notify(t('state.created', { name }));
          navigate(href ?? list.href);
        }}
      >
        {children}
      </RecordForm>
    </Page>
  );
}
