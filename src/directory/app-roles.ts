import { type Guid, getGuid } from '../kernel/ids.ts';

/** An application permission that the directory API knows. */
export interface AppRole {
  readonly id: Guid;
  /** What stands in `roles` of a token. */
  readonly value: string;
  readonly displayName: string;
  readonly description: string;
}

/** An application permission with an id that never changes. */
export const appRole = (id: string, value: string, displayName: string, description: string): AppRole => ({
  id: getGuid(id),
  value,
  displayName,
  description,
});

/** Ids and values are Microsoft Graph's own (its permissions reference), so that scripts find them. */
export const graphAppRoles: readonly AppRole[] = [
  appRole(
    '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
    'Application.Read.All',
    'Read all applications',
    'Read app registrations and service principals of the tenant.',
  ),
  appRole(
    '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
    'Application.ReadWrite.All',
    'Read and write all applications',
    'Create, change and delete app registrations, their credentials, and service principals of the tenant.',
  ),
  appRole(
    '06b708a9-e830-4db3-a914-8e69da51d44f',
    'AppRoleAssignment.ReadWrite.All',
    'Manage app permission grants and app role assignments',
    'Grant application permissions to applications of the tenant, itself included, and take them away.',
  ),
];
