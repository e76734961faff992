import { faultText } from '../../kernel/fault-text.ts';
import type { HttpResponse } from '../../kernel/http.ts';
import type { Log } from '../../kernel/log.ts';
import { errorBody } from '../errors.ts';
import { baseHeaders, jsonType } from '../render.ts';

export interface PartAnswer {
  readonly id: string | undefined;
  /** Group of a JSON batch. */
  readonly group: string | undefined;
  readonly response: HttpResponse;
}

export type ItemAnswer =
  | { readonly kind: 'single'; readonly answer: PartAnswer }
  | { readonly kind: 'changeSet'; readonly answers: readonly PartAnswer[] }
  /** Nothing of the set was kept. `others` are answered in a JSON batch only. */
  | { readonly kind: 'failedSet'; readonly answer: PartAnswer; readonly others: readonly PartAnswer[] };

const firstFailure = 400;

export const isFailure = ({ response }: PartAnswer): boolean => response.status >= firstFailure;

export const isFailed = (answer: ItemAnswer): boolean =>
  answer.kind === 'failedSet' || (answer.kind === 'single' && isFailure(answer.answer));

/** A request that was not carried out because one before it failed (RFC 4918 section 11.4). */
export const failedDependency = (): HttpResponse =>
  failure(424, '0x80060888', 'The request was not carried out, because one that it depends on failed.');

/** A fault of ours, as `http/listener.ts` answers it outside a batch. */
export function partFault(error: unknown, log: Log): HttpResponse {
  const response = failure(500, '0x80040216', 'An unexpected error occurred.');
  log.error('request failed', { path: '$batch', request: response.headers['REQ_ID'], error: faultText(error) });
  return response;
}

const failure = (status: number, code: string, message: string): HttpResponse => ({
  status,
  headers: { ...baseHeaders(), 'Content-Type': jsonType },
  body: errorBody({ status, code, message }),
});
