import { MessageBar, MessageBarBody, makeStyles, Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { SaveRegular } from '@fluentui/react-icons/svg/save';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { webApi } from '../../api/odata.ts';
import { useNotify } from '../../components/notify.tsx';
import { type Command, Page } from '../../components/page.tsx';
import { ProblemBar } from '../../components/problem-bar.tsx';
import { useUnsaved } from '../../components/record-form/unsaved.tsx';
import { useDeletion } from '../../components/use-deletion.ts';
import { useLocale } from '../../i18n/locale-context.tsx';
import { depthLooks } from './depth.ts';
import { MiscPrivileges } from './misc-privileges.tsx';
import { RoleBar } from './role-bar.tsx';
import { isFound, isInView, type View } from './role-filter.ts';
import { RoleMatrix } from './role-matrix.tsx';
import { type Grants, type PrivilegeWorld, type SecurityRole, saveGrants, type TableRow } from './role-model.ts';
import { type RoleEdits, useRoleEdits } from './use-role-edits.ts';

const useStyles = makeStyles({
  tabs: { flexWrap: 'wrap' },
  legend: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalXS },
});

type TabName = 'custom' | 'other' | 'misc';

interface RoleEditorProps {
  readonly role: SecurityRole;
  readonly saved: Grants;
  readonly world: PrivilegeWorld;
  readonly template: Grants;
}

/** Tables by rights; what is changed is kept until it is saved as a whole. */
export function RoleEditor({ role, saved, world, template }: RoleEditorProps) {
  const { t, language } = useLocale();
  const styles = useStyles();
  const edits = useRoleEdits(saved);
  const [tab, setTab] = useState<TabName>('custom');
  const [search, setSearch] = useState('');
  const [view, setView] = useState<View>('all');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [copied, setCopied] = useState<TableRow>();
  const { commands, problem } = useRoleCommands(role, edits, template);
  const rows = world.tables.filter(
    (row) =>
      row.isCustom === (tab === 'custom') &&
      isFound(row, search, language) &&
      isInView(Object.values(row.privileges), view, edits, template),
  );
  const misc = world.misc.filter(
    (privilege) =>
      privilege.name.toLowerCase().includes(search.toLowerCase()) && isInView([privilege], view, edits, template),
  );
  const shownTemplate = view === 'different' ? template : undefined;
  const choose = (name: string): void => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    setChosen(next);
  };
  return (
    <Page title={role.name} back={{ href: '/security-roles', label: t('roles.title') }} commands={commands}>
      {role.ismanaged ? (
        <MessageBar layout="multiline">
          <MessageBarBody>{t('role.managedNote')}</MessageBarBody>
        </MessageBar>
      ) : null}
      <ProblemBar error={problem} />
      <TabList
        className={styles.tabs}
        selectedValue={tab}
        onTabSelect={(_, { value }) => setTab(value as TabName)}
        aria-label={role.name}
      >
        <Tab value="custom">{t('role.tab.custom')}</Tab>
        <Tab value="other">{t('role.tab.other')}</Tab>
        <Tab value="misc">{t('role.tab.misc')}</Tab>
      </TabList>
      <RoleBar
        {...{ search, view, edits, copied, setSearch, setView }}
        chosen={tab === 'misc' ? [] : rows.filter(({ logicalName }) => chosen.has(logicalName))}
        onDone={() => {
          setChosen(new Set());
          setCopied(undefined);
        }}
      />
      {tab === 'misc' ? (
        <MiscPrivileges privileges={misc} edits={edits} template={shownTemplate} />
      ) : (
        <RoleMatrix
          label={tab === 'custom' ? t('role.tab.custom') : t('role.tab.other')}
          rows={rows}
          edits={edits}
          template={shownTemplate}
          chosen={chosen}
          onChoose={choose}
          onCopy={setCopied}
        />
      )}
      <Legend />
    </Page>
  );
}

function Legend() {
  const { t } = useLocale();
  const styles = useStyles();
  return (
    <div>
      <Text weight="semibold">{t('role.legend')}</Text>
      <div className={styles.legend}>
        {Object.values(depthLooks).map(({ symbol, letter, name }) => (
          <Text key={name}>
            {symbol} {t(letter)} {t(name)}
          </Text>
        ))}
      </div>
      <Text size={200}>{t('role.appendHint')}</Text>
    </div>
  );
}

function useRoleCommands(role: SecurityRole, edits: RoleEdits, template: Grants) {
  const { t } = useLocale();
  const api = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  useUnsaved(edits.changes.size > 0);
  const remove = useDeleteRole(role);
  const save = useMutation({
    mutationFn: () => saveGrants(api, role, edits.changes),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['roles'] });
      edits.undo();
      notify(t('state.saved'));
    },
  });
  const applyTemplate = (): void => {
    const raised = edits.raiseTo(template);
    notify(raised === 0 ? t('role.template.same') : t('role.template.done', { n: raised }), 'info');
  };
  const commands: Command[] = [
    {
      label: t('action.save'),
      icon: <SaveRegular />,
      isPrimary: true,
      changes: true,
      isDisabled: edits.changes.size === 0 || save.isPending,
      onClick: () => save.mutate(),
    },
    { label: t('role.template'), changes: true, onClick: applyTemplate },
    { label: t('action.delete'), icon: <DeleteRegular />, changes: true, isDisabled: role.ismanaged, onClick: remove },
  ];
  return { commands, problem: save.error };
}

function useDeleteRole({ roleid, name }: SecurityRole): () => void {
  const { t } = useLocale();
  const api = useApi();
  const [, navigate] = useLocation();
  return useDeletion({
    run: async () => {
      await api.change('DELETE', `${webApi}/roles(${roleid})`);
      navigate('/security-roles');
    },
    stale: [['roles']],
    nameOf: () => name,
    titleOf: (title) => t('role.delete.title', { name: title }),
    text: t('role.delete.text'),
  });
}
