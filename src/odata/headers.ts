import { refuse } from './problems.ts';

/** Header values by lower-case name; repeated headers are joined by commas. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** Refuses protocol versions before 4.0; 4.01 is let through although the product is a 4.0 service (4.2). */
export function checkVersions(headers: RequestHeaders): void {
  for (const header of ['OData-Version', 'OData-MaxVersion']) {
    const text = headers[header.toLowerCase()]?.trim();
    if (text === undefined) continue;
    if (!/^\d{1,3}(?:\.\d{1,3})?$/.test(text) || Number(text) < 4) {
      throw refuse.badRequest(`the header ${header} must be 4.0, not '${text.slice(0, 20)}'`);
    }
  }
}

/** What the content type of a JSON body says. */
export interface BodyFormat {
  /** `IEEE754Compatible=true`: 64-bit and decimal numbers may come as strings (OData JSON format 4.01 section 3.2). */
  readonly numbersAsText: boolean;
}

/** Refuses (415) a body that is not declared as JSON in UTF-8. Call only where there is a body. */
export function parseContentType(headers: RequestHeaders): BodyFormat {
  const given = headers['content-type'];
  const [type = '', ...parameters] = (given ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json') throw refuse.mediaType(given);
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) throw refuse.mediaType(given);
  return { numbersAsText: parameters.includes('ieee754compatible=true') };
}

/** How much metadata the answer carries. JSON is the answer whatever else `Accept` asks for (4.2). */
type MetadataLevel = 'minimal' | 'full' | 'none';

export interface AnswerFormat {
  readonly metadata: MetadataLevel;
  /** Give 64-bit and decimal numbers as strings. */
  readonly numbersAsText: boolean;
}

export function parseAccept(headers: RequestHeaders): AnswerFormat {
  const accept = headers['accept']?.toLowerCase() ?? '';
  const level = /odata\.metadata=(full|none)\b/.exec(accept)?.[1];
  return {
    metadata: level === 'full' || level === 'none' ? level : 'minimal',
    numbersAsText: accept.includes('ieee754compatible=true'),
  };
}
