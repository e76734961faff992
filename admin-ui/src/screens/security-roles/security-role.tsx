import { useQuery } from '@tanstack/react-query';
import { useParams } from 'wouter';
import { useApi } from '../../api/api-context.tsx';
import { query, webApi } from '../../api/odata.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { RoleEditor } from './role-editor.tsx';
import { loadGrants, loadPrivileges, loadTemplate, roleColumns, type SecurityRole } from './role-model.ts';

/** The editor of one security role. */
export function Screen() {
  const { roleId } = useParams<{ roleId: string }>();
  const api = useApi();
  const role = useQuery({
    queryKey: ['roles', roleId],
    queryFn: ({ signal }) =>
      api.get<SecurityRole>(`${webApi}/roles(${roleId})${query({ $select: roleColumns })}`, { signal }),
  });
  const grants = useQuery({
    queryKey: ['roles', roleId, 'grants'],
    queryFn: ({ signal }) => loadGrants(api, roleId, signal),
  });
  const world = useQuery({ queryKey: ['privileges'], queryFn: ({ signal }) => loadPrivileges(api, signal) });
  const template = useQuery({ queryKey: ['roleTemplate'], queryFn: ({ signal }) => loadTemplate(api, signal) });
  const all = [role, grants, world, template];
  const failed = all.find(({ isError }) => isError);
  if (failed !== undefined) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!role.data || !grants.data || !world.data || !template.data) return <Loading />;
  return <RoleEditor role={role.data} saved={grants.data} world={world.data} template={template.data} />;
}
