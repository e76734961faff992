import { useParams } from 'wouter';
import { dutyKind, privilegeKind, roleKind } from './container.ts';
import { ContainerDetail } from './container-detail.tsx';
import { ContainerList } from './container-list.tsx';
import { ContainerNew } from './container-new.tsx';

/** Roles of Human Resources, the duties and privileges that they are made of: three times the same three screens. */
export const Roles = () => <ContainerList kind={roleKind} />;
export const NewRole = () => <ContainerNew kind={roleKind} />;
export const Role = () => <ContainerDetail kind={roleKind} id={useParams<{ hrRoleId: string }>().hrRoleId} />;
export const Duties = () => <ContainerList kind={dutyKind} />;
export const NewDuty = () => <ContainerNew kind={dutyKind} />;
export const Duty = () => <ContainerDetail kind={dutyKind} id={useParams<{ hrDutyId: string }>().hrDutyId} />;
export const Privileges = () => <ContainerList kind={privilegeKind} />;
export const NewPrivilege = () => <ContainerNew kind={privilegeKind} />;
export const Privilege = () => (
  <ContainerDetail kind={privilegeKind} id={useParams<{ hrPrivilegeId: string }>().hrPrivilegeId} />
);
