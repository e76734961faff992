import { Ajv } from 'ajv';
import type { TableMapping } from './mapped/mapping.ts';
import type { ServiceSettings } from './odata/odata-client.ts';
import type { SqlSettings } from './sql/sql-source.ts';

/** Another source of rows, as the file describes it. */
export type SourceSettings = {
  /** Unique name of the environment whose rows these are; absent: the first one. */
  readonly environment?: string;
  readonly tables: Readonly<Record<string, TableMapping>>;
} & (({ readonly kind: 'odata' } & ServiceSettings) | ({ readonly kind: 'sql' } & SqlSettings));

/** The file is wrong. The message is one line for the administrator. */
export class SourcesFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SourcesFileError';
  }
}

const text = { type: 'string', minLength: 1 } as const;

const object = (properties: Readonly<Record<string, unknown>>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const table = object(
  {
    from: text,
    id: object({ name: text, form: { enum: ['recordId', 'guid'] } }, ['name', 'form']),
    columns: { type: 'object', additionalProperties: text },
    key: { type: 'array', items: text, minItems: 1 },
    idsAreText: { type: 'boolean' },
  },
  ['from', 'id', 'columns'],
);

const shared = {
  environment: text,
  timeoutMs: { type: 'integer', minimum: 100, maximum: 120_000 },
  tables: { type: 'object', additionalProperties: table, minProperties: 1 },
};

const token = object({ url: text, clientId: text, clientSecretFile: text, scope: text }, [
  'url',
  'clientId',
  'clientSecretFile',
  'scope',
]);

/** By kind, so that a message is about the kind that was meant. */
const schemas = {
  odata: object(
    {
      ...shared,
      kind: { const: 'odata' },
      url: { type: 'string', pattern: '^https?://.*[^/]$' },
      token,
      query: { type: 'object', additionalProperties: { type: 'string' } },
    },
    ['kind', 'url', 'tables'],
  ),
  sql: object({ ...shared, kind: { const: 'sql' }, url: { type: 'string', pattern: '^postgres(ql)?://' } }, [
    'kind',
    'url',
    'tables',
  ]),
} as const;

/**
 * A list of sources out of JSON (docs/providers.md).
 * @throws SourcesFileError naming the place and what is wrong there
 */
export function parseSources(json: string): readonly SourceSettings[] {
  const sources = parseList(json);
  const ajv = new Ajv();
  const validators = { odata: ajv.compile(schemas.odata), sql: ajv.compile(schemas.sql) };
  for (const [index, source] of sources.entries()) {
    const kind = kindOf(source);
    if (kind === undefined) throw new SourcesFileError(`source ${index + 1}: kind must be odata or sql`);
    const validate = validators[kind];
    if (validate(source)) continue;
    const [error] = validate.errors ?? [];
    const unknown: unknown = error?.params['additionalProperty'];
    const what = typeof unknown === 'string' ? `has no member ${unknown}` : error?.message;
    throw new SourcesFileError(`source ${index + 1}${error?.instancePath ?? ''} ${what}`);
  }
  return sources as readonly SourceSettings[];
}

function parseList(json: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    if (Array.isArray(value)) return value;
  } catch {
    // said below
  }
  throw new SourcesFileError('it must be a JSON array of sources');
}

function kindOf(source: unknown): keyof typeof schemas | undefined {
  const kind = typeof source === 'object' && source !== null && 'kind' in source ? source.kind : undefined;
  return kind === 'odata' || kind === 'sql' ? kind : undefined;
}
