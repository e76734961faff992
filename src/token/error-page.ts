import type { HttpRequest, HttpResponse } from '../kernel/http.ts';
import { tokenProblems } from './problems.ts';

/** What `error_uri` leads to: the error's general text. Nothing that the request holds is repeated. */
export function renderErrorPage(request: HttpRequest): HttpResponse {
  const code = /[?&]code=(\d{1,9})(?:&|$)/.exec(request.url)?.[1];
  const found = Object.values(tokenProblems).filter((problem) => String(problem.code) === code);
  const lines = found.map((problem) => `AADSTS${problem.code} (${problem.error}): ${problem.text}`);
  return {
    status: found.length > 0 ? 200 : 404,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
    body: found.length > 0 ? `${lines.join('\n')}\n` : 'there is no such error code\n',
  };
}
