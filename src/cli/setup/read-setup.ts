import { Ajv, type ErrorObject } from 'ajv';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { nearest } from '../../kernel/nearest.ts';
import { type CliError, usageError } from '../cli-error.ts';
import { readText } from '../read-text.ts';
import { setupSchema } from './schema.ts';
import type { Setup } from './setup.ts';

/**
 * Reads a set-up file: YAML, of which JSON is a part.
 * @throws CliError with file, line and what is wrong there
 */
export function readSetup(file: string): Setup {
  return parseSetup(readText(file), file);
}

/** @param file how messages name the text */
export function parseSetup(text: string, file: string): Setup {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw usageError(`${file}:${line}:${col}: ${broken.message.split('\n', 1)[0]?.replace(/ at line.*$/, '')}`);
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  const validate = new Ajv({ allErrors: true }).compile<Setup>(setupSchema);
  if (validate(value)) return value;
  throw formError(validate.errors ?? [], document, lines, file);
}

/** An unknown key says more than what follows from it, so it comes first. */
function formError(errors: readonly ErrorObject[], document: Document, lines: LineCounter, file: string): CliError {
  const error = errors.find(({ keyword }) => keyword === 'additionalProperties') ?? errors[0];
  const path = (error?.instancePath ?? '').split('/').slice(1);
  const unknown: unknown = error?.params['additionalProperty'];
  const place = placeOf(document, typeof unknown === 'string' ? [...path, unknown] : path, lines);
  const where = `${file}${place}`;
  if (typeof unknown === 'string') {
    const near = nearest(unknown, keysAt(path));
    return usageError(`${where}: unknown key ${unknown}`, near === undefined ? undefined : `did you mean ${near}?`);
  }
  const subject = path.length === 0 ? 'the file' : path.join('.');
  return usageError(`${where}: ${subject} ${describe(error)}`);
}

function describe(error: ErrorObject | undefined): string {
  if (error?.keyword === 'oneOf' || error?.keyword === 'required') {
    const missing: unknown = error.params['missingProperty'];
    if (error.keyword === 'required' && !error.schemaPath.includes('oneOf')) return `lacks ${missing}`;
    return 'must name one of application and clientId';
  }
  if (error?.keyword === 'enum') return `must be one of ${error.params['allowedValues'].join(', ')}`;
  if (error?.keyword === 'const') return `must be ${error.params['allowedValue']}`;
  return error?.message ?? 'is wrong';
}

/** `:line:column` of what stands at a path; nothing for a path that is not in the file. */
function placeOf(document: Document, path: readonly string[], lines: LineCounter): string {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const start = isNode(node) ? node.range?.[0] : undefined;
  if (start === undefined) return path.length === 0 ? '' : placeOf(document, path.slice(0, -1), lines);
  const { line, col } = lines.linePos(start);
  return `:${line}:${col}`;
}

/** Keys that are allowed at a path of the schema. */
function keysAt(path: readonly string[]): readonly string[] {
  let schema: unknown = setupSchema;
  for (const step of path)
    schema = /^\d+$/.test(step) ? member(schema, 'items') : member(member(schema, 'properties'), step);
  return Object.keys(member(schema, 'properties') ?? {});
}

const member = (of: unknown, name: string): object | undefined =>
  typeof of === 'object' && of !== null ? (of as Record<string, object | undefined>)[name] : undefined;
