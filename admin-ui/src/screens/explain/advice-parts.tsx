import { MessageBar, MessageBarBody, Text } from '@fluentui/react-components';
import { useMemo } from 'react';
import type { Advice, HeldPrivilege } from '../../../../src/admin/contract.ts';
import type { Column } from '../../components/data-list/column.ts';
import { DataList } from '../../components/data-list/data-list.tsx';
import { rowsAtHand } from '../../components/data-list/rows-at-hand.ts';
import { Facts } from '../../components/facts.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Section } from '../../components/section.tsx';
import { useLocale } from '../../i18n/locale-context.tsx';
import { FixPanel } from './fix-panel.tsx';
import { wordsOf } from './words-of-use.ts';

/** What it is to be, what it is today and is not needed, and how the one becomes the other. */
export function AdviceParts({ advice }: { readonly advice: Advice }) {
  const { t, language, dateTime } = useLocale();
  const { period, securityRole, humanResources, uncovered, warnings } = advice;
  const moment = (time: string | undefined): string => (time === undefined ? '–' : dateTime(time));
  return (
    <>
      <Facts
        facts={[
          { term: t('advice.requests'), value: t('advice.requests.of', { n: period.requests, uses: period.uses }) },
          { term: t('advice.period'), value: `${moment(period.since)} – ${moment(period.until)}` },
        ]}
      />
      {warnings.map((warning) => (
        <MessageBar key={warning.en} intent="warning" layout="multiline">
          <MessageBarBody>{warning[language]}</MessageBarBody>
        </MessageBar>
      ))}
      {uncovered.length === 0 ? null : <Text>{t('advice.uncovered', { n: uncovered.length })}</Text>}
      <Section title={t('advice.role')} text={t('advice.role.text')}>
        <PlainTable
          label={t('advice.role')}
          emptyText={t('advice.nothing')}
          titles={[t('role.privilege'), t('role.level'), t('advice.without')]}
          rows={securityRole.privileges.map(({ name, depth, proof }) => ({
            key: name,
            cells: [name, depth, wordsOf(proof.use)],
          }))}
        />
      </Section>
      {humanResources === undefined ? null : (
        <Section title={t('advice.hr', { user: humanResources.user })}>
          <PlainTable
            label={t('advice.hr', { user: humanResources.user })}
            emptyText={t('advice.nothing')}
            titles={[t('role.privilege'), t('advice.duty'), t('advice.without')]}
            rows={humanResources.privileges.map(({ privilege, duty, proof }) => ({
              key: privilege,
              cells: [privilege, duty ?? '–', wordsOf(proof.use)],
            }))}
          />
        </Section>
      )}
      <Unused advice={advice} />
      <Change advice={advice} />
    </>
  );
}

/** What is held and not needed, the longest unused first. */
function Unused({ advice: { today } }: { readonly advice: Advice }) {
  const { t, dateTime } = useLocale();
  const columns = useMemo<readonly Column<HeldPrivilege>[]>(
    () => [
      { id: 'name', title: t('role.privilege'), value: ({ name }) => name, weight: 3 },
      {
        id: 'used',
        title: t('advice.lastUsed'),
        value: ({ lastUsed }) => lastUsed ?? '',
        render: ({ lastUsed }) => (lastUsed === undefined ? t('advice.never') : dateTime(lastUsed)),
      },
      { id: 'roles', title: t('appUsers.roles'), value: ({ roles }) => roles.join(', '), weight: 2 },
    ],
    [t, dateTime],
  );
  const { privileges } = today;
  const rows = useMemo(() => (privileges ?? []).filter(({ advisedDepth }) => advisedDepth === undefined), [privileges]);
  return (
    <Section title={t('advice.unused')}>
      {privileges === undefined ? (
        <Text>{t('advice.everything')}</Text>
      ) : (
        <DataList
          name="unused-privileges"
          label={t('advice.unused')}
          query={rowsAtHand(rows)}
          columns={columns}
          keyOf={({ name }) => name}
          emptyText={t('advice.unused.none')}
        />
      )}
    </Section>
  );
}

/** The roles are made, and given: each with what it changes, and the question before. */
function Change({ advice: { makeRoles, switchRoles } }: { readonly advice: Advice }) {
  const { t } = useLocale();
  const both = (key: 'advice.make' | 'advice.switch') => ({ en: t(key), nb: t(key) });
  if (makeRoles.length === 0) return null;
  return (
    <Section title={t('advice.change')} text={t('advice.change.text')}>
      <FixPanel
        fixes={[
          { title: both('advice.make'), gain: 0, operations: makeRoles },
          { title: both('advice.switch'), gain: 0, operations: [...makeRoles, ...switchRoles] },
        ]}
      />
    </Section>
  );
}
