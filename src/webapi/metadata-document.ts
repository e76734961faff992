import type { HttpRequest, HttpResponse } from '../kernel/http.ts';
import { Differences } from '../odata/fidelity.ts';
import type { RequestHeaders } from '../odata/headers.ts';
import { parsePreferences } from '../odata/preferences.ts';
import { refuse } from '../odata/problems.ts';
import type { ApiAddress } from './address.ts';
import { baseHeaders } from './render.ts';
import type { MetadataForm, WebApiEnvironment } from './web-api-environment.ts';

/** `$metadata`: in XML unless JSON is asked for, not sent again to who has it (dataverse-web-api 4.12). */
export function answerMetadata(
  environment: WebApiEnvironment,
  { query }: ApiAddress,
  { headers }: HttpRequest,
): HttpResponse {
  const differences = new Differences(environment.fidelity);
  const form = parseForm(query, headers, differences); // 400, 501
  const { body, etag } = environment.metadataDocument(form);
  const answer = { ...baseHeaders(differences), ETag: etag, Vary: 'Accept, Prefer' };
  if (isKnown(headers['if-none-match'], etag)) return { status: 304, headers: answer, body: '' };
  return { status: 200, headers: { ...answer, 'Content-Type': `application/${form.format}` }, body };
}

function parseForm(query: string | undefined, headers: RequestHeaders, differences: Differences): MetadataForm {
  const options = new URLSearchParams(query ?? '');
  for (const name of options.keys()) {
    if (name.startsWith('$') && name !== '$format') throw refuse.notSupported(`${name.slice(0, 50)} on $metadata`);
  }
  const format = parseFormat(options.get('$format')) ?? acceptedFormat(headers['accept'], differences);
  if (format === 'json') differences.use('json-metadata');
  const isAsked = parseSwitch(options.get('annotations'));
  return { format, isAnnotated: isAsked || parsePreferences(headers).wantsAnnotation('*') };
}

const formats: Readonly<Record<string, MetadataForm['format']>> = {
  xml: 'xml',
  'application/xml': 'xml',
  json: 'json',
  'application/json': 'json',
};

/** Names the format whatever `Accept` says (OData 4.01 part 2 section 5.1.8). */
function parseFormat(given: string | null): MetadataForm['format'] | undefined {
  if (given === null) return undefined;
  const [name = ''] = given.toLowerCase().split(';', 1);
  const format = Object.hasOwn(formats, name.trim()) ? formats[name.trim()] : undefined;
  if (format === undefined) throw refuse.badRequest(`'${given.slice(0, 50)}' is no format of $metadata`);
  return format;
}

/** JSON only where it is liked better than XML: HTTP clients name it first by habit and mean anything. */
function acceptedFormat(accept: string | undefined, { fidelity }: Differences): MetadataForm['format'] {
  if (accept === undefined || fidelity === 'strict') return 'xml';
  const ranges = accept.toLowerCase().split(',').map(parseRange);
  return weightOf('application/json', ranges) > weightOf('application/xml', ranges) ? 'json' : 'xml';
}

interface MediaRange {
  readonly type: string;
  readonly weight: number;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const given = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const weight = given === undefined ? 1 : Number(given);
  return { type, weight: weight >= 0 && weight <= 1 ? weight : 0 };
}

/** Of the range that names the type most closely (RFC 9110 section 12.5.1). */
function weightOf(type: string, ranges: readonly MediaRange[]): number {
  const closest = [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*']
    .map((wanted) => ranges.find((range) => range.type === wanted))
    .find((range) => range !== undefined);
  return closest?.weight ?? 0;
}

function parseSwitch(given: string | null): boolean {
  if (given === null || given === 'false') return false;
  if (given === 'true') return true;
  throw refuse.badRequest(`annotations must be true or false, not '${given.slice(0, 20)}'`);
}

/** `If-None-Match`: is the document the one that the client has? Weak tags compare by their text (RFC 9110 section 8.8.3.2). */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return [...header.matchAll(/"[^"]*"/g)].some(([tag]) => tag === opaque);
}
