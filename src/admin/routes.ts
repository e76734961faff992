import { adviseRoutes } from './advise.ts';
import { auditRoutes } from './audit.ts';
import { auditChainRoutes } from './audit-chain.ts';
import { auditRetentionRoutes } from './audit-retention.ts';
import type { AdminRoute } from './call.ts';
import { canIRoutes } from './can-i.ts';
import { environmentRoutes } from './environments.ts';
import { explainRoutes } from './explain.ts';
import { keyRoutes } from './keys.ts';
import { operatorRoutes } from './operators.ts';
import { peopleRoutes } from './people.ts';
import { recruitingRoutes } from './recruiting.ts';
import { simulateRoutes } from './simulate.ts';
import { tenantRoutes } from './tenants.ts';
import { trafficRoutes } from './traffic.ts';
import { webhookRoutes } from './webhooks.ts';

/** Every operation of `/portvakt/v1`. The OpenAPI document is written from the same list. */
export const adminRoutes: readonly AdminRoute[] = [
  ...tenantRoutes,
  ...trafficRoutes,
  ...environmentRoutes,
  ...auditRoutes,
  ...auditChainRoutes,
  ...auditRetentionRoutes,
  ...explainRoutes,
  ...canIRoutes,
  ...adviseRoutes,
  ...simulateRoutes,
  ...keyRoutes,
  ...operatorRoutes,
  ...webhookRoutes,
  ...peopleRoutes,
  ...recruitingRoutes,
];

export interface FoundResource {
  readonly methods: ReadonlyMap<string, AdminRoute>;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Resource {
  readonly segments: readonly string[];
  readonly methods: ReadonlyMap<string, AdminRoute>;
}

const resources: readonly Resource[] = [...new Set(adminRoutes.map(({ path }) => path))].map((path) => ({
  segments: path.split('/'),
  methods: new Map(adminRoutes.filter((route) => route.path === path).map((route) => [route.method, route])),
}));

/** What a path after `/portvakt/v1/` names. `undefined`: nothing that is served. */
export function findResource(path: string): FoundResource | undefined {
  const sent = path.split('/').map(decode);
  for (const { segments, methods } of resources) {
    if (segments.length !== sent.length) continue;
    const parameters: Record<string, string> = {};
    const fits = segments.every((segment, index) => {
      const value = sent[index];
      const parameter = /^\{(\w+)\}$/.exec(segment)?.[1];
      if (parameter === undefined || value === undefined || value === '') return segment === value;
      parameters[parameter] = value;
      return true;
    });
    if (fits) return { methods, parameters };
  }
  return undefined;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
