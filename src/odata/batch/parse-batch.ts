import type { RequestHeaders } from '../headers.ts';
import { refuse } from '../problems.ts';
import type { Batch } from './batch.ts';
import { parseMediaType } from './headers-of-part.ts';
import { parseJsonBatch } from './json-batch.ts';
import { parseMultipartBatch } from './multipart-batch.ts';

/** The body of `POST $batch` in the format that its content type names. Throws a `Refusal` (400, 415). */
export function parseBatch(headers: RequestHeaders, body: Buffer): Batch {
  const { type, parameters } = parseMediaType(headers['content-type'] ?? '');
  switch (type) {
    case 'multipart/mixed':
      return parseMultipartBatch(body, parameters);
    case 'application/json':
      return parseJsonBatch(body);
    default:
      throw refuse.batchMediaType(headers['content-type']);
  }
}
