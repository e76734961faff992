import type { AdminRoute } from './call.ts';
import type { RecruitingProcess } from './contract.ts';

/** What this surface needs of the recruiting process. */
export interface RecruitingAdministration {
  process(): Promise<RecruitingProcess>;
}

/** What a screen must know before it can offer a step. */
export const recruitingRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'recruiting/process',
    operationId: 'getRecruitingProcess',
    summary: 'The states of requests, their positions and candidates, and the actions that lead from one to another',
    access: 'read',
    isForEnvironment: true,
    isForRecruiting: true,
    success: { status: 200, schema: 'RecruitingProcess' },
    run: async ({ recruiting }) => ({ status: 200, body: await recruiting.process() }),
  },
];
