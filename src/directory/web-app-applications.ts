import { type ClientId, namedGuid } from '../kernel/ids.ts';
import { type OperatorRole, operatorRoles } from '../kernel/operator.ts';

/**
 * The web app's own applications, one for each role of its operators. They have no credentials, and the token endpoint
 * knows them not, whatever credentials somebody gives them: their tokens are made for signed-in operators, in this process,
 * and never leave it.
 */
export const webAppClientId = (role: OperatorRole): ClientId => namedGuid<ClientId>(`web app:${role}`);

const all: ReadonlySet<ClientId> = new Set(operatorRoles.map(webAppClientId));

export const isWebApp = (clientId: ClientId): boolean => all.has(clientId);
