import type { HttpResponse } from '../../kernel/http.ts';
import type { Differences } from '../../odata/fidelity.ts';
import { baseHeaders, jsonType } from '../render.ts';
import type { ItemAnswer, PartAnswer } from './part-answer.ts';
import { differsOf } from './render-multipart.ts';

/** The answer to a JSON batch (OData JSON format 4.01 section 19.5). It is 200 whatever became of the requests. */
export function renderJsonBatch(answers: readonly ItemAnswer[], differences: Differences): HttpResponse {
  const parts = answers.flatMap(partsOf);
  const body = `{"responses":[${parts.map(renderPart).join(',')}]}`;
  const headers = { ...baseHeaders(), 'Content-Type': jsonType, ...differsOf(parts, differences.rules) };
  return { status: 200, headers, body: Buffer.from(body) };
}

function partsOf(answer: ItemAnswer): readonly PartAnswer[] {
  switch (answer.kind) {
    case 'changeSet':
      return answer.answers;
    case 'failedSet':
      return [answer.answer, ...answer.others];
    case 'single':
      return [answer.answer];
  }
}

function renderPart({ id, group, response }: PartAnswer): string {
  const members = [`"id":${JSON.stringify(id)}`];
  if (group !== undefined) members.push(`"atomicityGroup":${JSON.stringify(group)}`);
  members.push(`"status":${response.status}`, `"headers":${JSON.stringify(headersOf(response))}`);
  const text = response.body.toString();
  if (text !== '') members.push(`"body":${isJson(response) ? text : JSON.stringify(text)}`);
  return `{${members.join(',')}}`;
}

/** Names in lower case, as the format asks. */
function headersOf({ headers }: HttpResponse): Readonly<Record<string, string>> {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const entity = lower['odata-entityid'];
  return entity === undefined ? lower : { ...lower, location: entity };
}

const isJson = ({ headers }: HttpResponse): boolean => headers['Content-Type']?.startsWith('application/json') === true;
