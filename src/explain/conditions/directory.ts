import type { ConditionId } from '../../kernel/cause.ts';
import type { ConditionDetails } from '../condition-details.ts';
import type { Facts } from '../facts.ts';
import {
  admitFixes,
  applicationFixes,
  credentialFixes,
  credentialNearMisses,
  enablePrincipalFixes,
  nearApplications,
  permissionFixes,
  resourceFixes,
  tenantFixes,
  tokenFixes,
} from '../fixes/directory.ts';

type DirectoryCondition = Extract<
  ConditionId,
  | 'token'
  | 'tenant'
  | 'application'
  | 'consent'
  | 'application-enabled'
  | 'credential'
  | 'resource'
  | 'directory-permission'
>;

/** An outside issuer vouches for the application: the directory knows nothing of it. */
const isInside = ({ subject }: Facts): boolean => subject.isOutside !== true;

/** What the token authority and the directory ask. */
export const directoryConditions: Readonly<Record<DirectoryCondition, ConditionDetails>> = {
  token: { evidence: ({ subject }) => ({ clientId: subject.clientId ?? '' }), fixes: tokenFixes },
  tenant: {
    evidence: ({ view, tenantId }) => ({
      tenantId,
      tenant: view.directory.findTenant(tenantId)?.displayName ?? '',
      environmentTenantId: view.tenantId,
    }),
    fixes: tenantFixes,
  },
  application: {
    isAsked: isInside,
    evidence: (facts) => ({
      clientId: facts.subject.clientId ?? '',
      application: facts.application?.displayName ?? '',
    }),
    nearMisses: nearApplications,
    fixes: applicationFixes,
  },
  consent: {
    isAsked: isInside,
    evidence: (facts) => ({ tenantId: facts.tenantId, servicePrincipalId: facts.principal?.id ?? '' }),
    fixes: admitFixes,
  },
  'application-enabled': {
    isAsked: isInside,
    evidence: (facts) => ({
      servicePrincipalId: facts.principal?.id ?? '',
      enabled: facts.principal?.accountEnabled ?? false,
    }),
    fixes: enablePrincipalFixes,
  },
  credential: {
    isKnown: () => false,
    evidence: (facts) => {
      const secrets = facts.application?.secrets ?? [];
      const certificates = facts.application?.certificates ?? [];
      const inForce = [...secrets, ...certificates].filter(
        ({ start, end }) => start <= facts.view.now && facts.view.now < end,
      );
      return { secrets: secrets.length, certificates: certificates.length, inForce: inForce.length };
    },
    nearMisses: credentialNearMisses,
    fixes: credentialFixes,
  },
  resource: {
    isKnown: () => false,
    evidence: ({ view }) => ({ environment: view.url }),
    fixes: resourceFixes,
  },
  'directory-permission': {
    evidence: (facts) => ({ granted: facts.principal?.appRoles ?? [] }),
    isKnown: () => false,
    fixes: permissionFixes,
  },
};
