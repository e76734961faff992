import { Refusal, type Stage } from '../kernel/refusal.ts';
import type { ConsentRequest } from './consent-request.ts';

/** Why the form is shown again, by the name of the text that says so. */
const formProblems = {
  wrongCode: { stage: 'user', status: 403, reason: 'the one-time code is wrong' },
  voidCode: {
    stage: 'user',
    status: 403,
    reason: 'no one-time code can be used: none was given, it has ended, or too many were tried',
  },
  tooManyCodes: { stage: 'limit', status: 429, reason: 'too many one-time codes were asked for' },
  staleForm: { stage: 'user', status: 403, reason: 'the form was not shown in this browser for this request' },
} as const satisfies Record<string, { stage: Stage; status: number; reason: string }>;

export type FormProblem = keyof typeof formProblems;

/** The form was not accepted; it is shown again. */
export class FormRefusal extends Refusal {
  readonly request: ConsentRequest;
  readonly formProblem: { readonly name: FormProblem; readonly value?: string };

  constructor(request: ConsentRequest, name: FormProblem, retryAfterSeconds?: number) {
    const { stage, status, reason } = formProblems[name];
    const headers: Record<string, string> =
      retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
    super(stage, { status, code: name, message: reason }, undefined, headers);
    this.name = 'FormRefusal';
    this.request = request;
    this.formProblem = retryAfterSeconds === undefined ? { name } : { name, value: String(retryAfterSeconds) };
  }
}
