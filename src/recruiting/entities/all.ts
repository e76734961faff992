import type { EntityHooks } from '../entity-hooks.ts';
import { candidateToHireHooks } from './candidate-to-hire.ts';
import { personHooks, workerHooks } from './person.ts';
import { jobFunctionHooks, recruitingRequestHooks } from './recruiting-request.ts';
import { requestPartHooks, requestPositionHooks } from './recruiting-request-part.ts';

/** The tables with rules of their own, by logical name. A table that is not here is run by the model alone. */
export const entityHooks: Readonly<Record<string, EntityHooks>> = {
  mshr_hcmcandidatetohireentity: candidateToHireHooks,
  mshr_dirpersonentity: personHooks,
  mshr_hcmworkerentity: workerHooks,
  mshr_hcmworkerbaseentity: workerHooks,
  mshr_hcmrecruitingrequestentity: recruitingRequestHooks,
  mshr_hcmrecruitingrequestpositionentity: requestPositionHooks,
  mshr_hcmrecruitingrequestskillentity: requestPartHooks,
  mshr_hcmrecruitingrequesteducationentity: requestPartHooks,
  mshr_hcmjobfunctionentity: jobFunctionHooks,
};
