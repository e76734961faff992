import { askerOf } from '../dataverse/asker-of.ts';
import { findCallable } from '../dataverse/message-catalog.ts';
import { definitionsTogether, refuseChange } from '../definitions/change/change-problems.ts';
import { isDefinitionPath } from '../definitions/read-definitions.ts';
import type { AuditedRow, AuditNotes } from '../kernel/audit.ts';
import type { HttpRequest, HttpResponse } from '../kernel/http.ts';
import { Refusal } from '../kernel/refusal.ts';
import { KeyBook } from '../odata/alternate-key.ts';
import { Asking } from '../odata/asking.ts';
import type { References } from '../odata/batch/references.ts';
import { Differences } from '../odata/fidelity.ts';
import type { Operation } from '../odata/operation.ts';
import type { ParsedRequest } from '../odata/parse-operation.ts';
import { refuse } from '../odata/problems.ts';
import type { OperationResult } from '../odata/result.ts';
import type { Caller } from '../token/caller.ts';
import type { ApiAddress } from './address.ts';
import { answerDefinitions } from './definitions.ts';
import { withDisplayNames } from './display-names.ts';
import { findAsker } from './find-asker.ts';
import { settleKeys } from './find-by-key.ts';
import { orNoteAsked } from './note-asked.ts';
import { noteDefinitions, noteRequest, noteResult } from './note-operation.ts';
import { noteUse } from './note-use.ts';
import { type GateContext, isVirtual, type Passed, passGates } from './pass-gates.ts';
import { differsHeader, renderResult } from './render.ts';
import { requestInput } from './request-input.ts';
import { runComposite } from './run-composite.ts';
import { findServiceResource } from './service-resources.ts';
import type { Runners, WebApiEnvironment } from './web-api-environment.ts';

/** What a request is answered in. */
export interface AnswerContext {
  readonly environment: WebApiEnvironment;
  /** The environment's own, or those of a change set. */
  readonly runners: Runners;
  readonly caller: Caller;
  readonly notes: AuditNotes;
  /** Further rows that the request changes, for the audit log. */
  readonly rows: AuditedRow[];
  /** Set for a request inside a batch. */
  readonly batch?: BatchPlace;
}

/** Where in a batch a request stands. */
export interface BatchPlace {
  readonly references: References;
  readonly longestUrl: number;
  /** Is it kept or undone together with others? */
  readonly isTogether: boolean;
}

export interface Answered {
  readonly response: HttpResponse;
  /** `set(id)` of the row that was created, changed or given; absent where it is not one row. */
  readonly row?: string;
}

/** One request of a caller whose token was verified, told from the user to the answer. Refusals are thrown. */
export async function answerOperation(
  context: AnswerContext,
  address: ApiAddress,
  request: HttpRequest,
): Promise<Answered> {
  const { environment, caller, notes, batch } = context;
  const snapshot = environment.dataverse.current;
  const find = () => findAsker(snapshot, caller, request.headers, notes);
  const user = orNoteAsked(context, address, request, find); // 403, not a member or disabled, or may not act so
  const differences = new Differences(environment.fidelity);
  const resource = findServiceResource(environment, address, request); // the API's own documents, 501
  if (resource !== undefined) return { response: resource };
  if (isDefinitionPath(address.path)) {
    noteDefinitions(notes, address.path, environment.model);
    if (batch?.isTogether === true) throw refuseChange.notBuilt(definitionsTogether);
    return { response: await answerDefinitions({ environment, address, snapshot, user, differences, notes }, request) };
  }

  const asking = new Asking(environment.clock, () => askerOf(user));
  const keys = new KeyBook();
  const parse = (): ParsedRequest =>
    environment.parser.parse(requestInput(environment, address, request, { differences, asking, keys, ...batch }));
  const parsed = parse(); // 400, 404, 405, 415, 501
  noteRequest(notes, parsed);
  // Which row an alternate key names is not known yet.
  if (keys.hasAsked) delete notes.targetId;
  refuseWrongMethod(parsed, `${address.apiRoot}${address.path}`); // 404
  if (batch?.isTogether === true && isVirtual(parsed.operation)) differences.use('virtual-change-set');
  const gates = { snapshot, user, caller, differences, notes, used: [], probe: environment.probe };
  let outcome: Outcome;
  try {
    outcome = await (keys.hasAsked
      ? carryOutByKeys({ gates, keys, parse, context, isRead: parsed.method === 'GET' })
      : carryOut(gates, parsed, context, together(context)));
  } catch (error) {
    throw withDifferences(error, differences);
  }
  const { granted, result } = outcome;
  noteResult(notes, result);
  noteUse(notes, gates.used);
  const rendering = { environment, address, parsed: outcome.parsed ?? parsed, operation: granted, differences };
  const row = batch && rowOf(granted, result);
  return { response: renderResult(rendering, result), ...(row !== undefined && { row }) };
}

interface Outcome extends Passed {
  /** The request as it was read again when the rows of its keys were known; absent where it was read once. */
  readonly parsed?: ParsedRequest;
}

/** Both gates, then the work: of one operation, or of all that the request stands for, in one transaction. */
function carryOut(
  gates: GateContext,
  parsed: ParsedRequest,
  { runners, rows }: Pick<AnswerContext, 'runners' | 'rows'>,
  together: Together,
): Promise<Passed> {
  const operation = withDisplayNames(parsed.operation, parsed.preferences);
  if (parsed.composite === undefined) return passGates(gates, runners, operation);
  const pass = (inside: Runners, each: Operation): Promise<Passed> => passGates(gates, inside, each);
  return runComposite({ composite: parsed.composite, root: operation, together, pass, rows });
}

interface KeyedRequest {
  readonly gates: GateContext;
  readonly keys: KeyBook;
  readonly parse: () => ParsedRequest;
  readonly context: AnswerContext;
  readonly isRead: boolean;
}

/** Finds the rows that alternate keys name, then reads the request again. A write and its look-ups share a transaction. */
function carryOutByKeys({ gates, keys, parse, context, isRead }: KeyedRequest): Promise<Outcome> {
  const job = async (inside: Runners): Promise<Outcome> => {
    await settleKeys(keys, (operation) => passGates(gates, inside, operation)); // 400, 403
    const parsed = parse(); // 404
    noteRequest(gates.notes, parsed);
    const passed = await carryOut(gates, parsed, { runners: inside, rows: context.rows }, (more) => more(inside));
    return { granted: passed.granted, result: passed.result, parsed };
  };
  return isRead ? job(context.runners) : together(context)(job);
}

type Together = WebApiEnvironment['together'];

/** Inside a change set there is a transaction already. */
const together = ({ environment, runners, batch }: AnswerContext): Together =>
  batch?.isTogether === true ? (job) => job(runners) : (job) => environment.together(job);

function rowOf(operation: Operation, result: OperationResult): string | undefined {
  if (operation.kind === 'retrieve') return `${operation.query.table.entitySetName}(${operation.id})`;
  if (operation.kind !== 'create' && operation.kind !== 'update') return undefined;
  const isOne = result.kind === 'created' || result.kind === 'updated';
  return isOne ? `${operation.table.entitySetName}(${result.id})` : undefined;
}

/** A function is asked for with GET, an action called with POST; the other way round there is nothing (dataverse-web-api 2.6). */
function refuseWrongMethod({ operation, method }: ParsedRequest, url: string): void {
  const kind = operation.kind === 'message' ? findCallable(operation.name)?.kind : undefined;
  if (kind !== undefined && kind !== (method === 'POST' ? 'action' : 'function')) throw refuse.noHttpResource(url);
}

/** A 412 of a virtual table is something that the real product does not answer: refusals say so too. */
function withDifferences(error: unknown, differences: Differences): unknown {
  const header = differences.header;
  if (!(error instanceof Refusal) || error.problem.status !== 412 || header === undefined) return error;
  return error.withHeaders({ [differsHeader]: header });
}
