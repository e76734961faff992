import { messageNames } from '../dataverse/message-catalog.ts';
import { isDefinitionPath } from '../definitions/read-definitions.ts';
import type { AuditNotes } from '../kernel/audit.ts';
import type { HttpRequest } from '../kernel/http.ts';
import { Refusal } from '../kernel/refusal.ts';
import { KeyBook } from '../odata/alternate-key.ts';
import { Asking } from '../odata/asking.ts';
import { Differences } from '../odata/fidelity.ts';
import { parseOperation } from '../odata/parse-operation.ts';
import { shapesOf } from '../odata/request-shape.ts';
import type { ApiAddress } from './address.ts';
import { noteRequest } from './note-operation.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

/**
 * Notes what a request is about whose sender may not ask anything: so that the explanation can go on to what it would have
 * needed. What cannot be read is not noted; nothing is carried out.
 */
export function noteAsked(
  environment: WebApiEnvironment,
  address: ApiAddress,
  request: HttpRequest,
  notes: AuditNotes,
): void {
  if (address.path === '$batch' || address.path === '' || isDefinitionPath(address.path)) return;
  try {
    // Not by the parser that remembers: who may not ask must not push out what others ask again and again.
    const parsed = parseOperation({
      model: environment.model,
      method: request.method === 'HEAD' ? 'GET' : request.method,
      path: address.path,
      query: address.query,
      headers: request.headers,
      body: request.body,
      apiRoot: address.apiRoot,
      hosts: environment.hosts,
      differences: new Differences(environment.fidelity),
      asking: new Asking(environment.clock, () => undefined),
      messages: messageNames,
      keys: new KeyBook(),
    });
    noteRequest(notes, parsed);
    notes.shapes = shapesOf(parsed.operation);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}
