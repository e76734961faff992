import { isDefinitionPath } from '../definitions/read-definitions.ts';
import type { AuditNotes } from '../kernel/audit.ts';
import type { HttpRequest } from '../kernel/http.ts';
import { Refusal } from '../kernel/refusal.ts';
import { shapesOf } from '../odata/request-shape.ts';
import type { ApiAddress } from './address.ts';
import { noteRequest } from './note-operation.ts';
import { parseApart } from './request-input.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

interface Place {
  readonly environment: WebApiEnvironment;
  readonly notes: AuditNotes;
}

/**
 * Who asks, as `find` gives it. Of a sender who may not ask anything it is noted what the request is about, so that the
 * explanation can go on to what it would have needed.
 */
export function orNoteAsked<T>(place: Place, address: ApiAddress, request: HttpRequest, find: () => T): T {
  try {
    return find();
  } catch (error) {
    noteAsked(place, address, request);
    throw error;
  }
}

/** What cannot be read is not noted; nothing is carried out. */
function noteAsked({ environment, notes }: Place, address: ApiAddress, request: HttpRequest): void {
  if (address.path === '$batch' || address.path === '' || isDefinitionPath(address.path)) return;
  try {
    const parsed = parseApart(environment, address, request);
    noteRequest(notes, parsed);
    notes.shapes = shapesOf(parsed.operation);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}
