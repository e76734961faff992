/** Any surface's refusal in one shape. */
export class ApiError extends Error {
  /** 0: no answer came. */
  readonly status: number;
  readonly code: string;
  /** What the administrator can do about it, where the server says so. */
  readonly fix: string | undefined;
  /** What the audit log and the explanation find the request by. */
  readonly requestId: string | undefined;
  /** Messages by the wire's name of the field that they are about. */
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfter: number | undefined;
  /** The whole body, for the few who need more of it. */
  readonly body: unknown;

  constructor(parts: ApiErrorParts) {
    super(parts.message);
    this.name = 'ApiError';
    this.status = parts.status;
    this.code = parts.code;
    this.fix = parts.fix;
    this.requestId = parts.requestId;
    this.fields = parts.fields ?? {};
    this.retryAfter = parts.retryAfter;
    this.body = parts.body;
  }

  /** The row was changed since it was read. */
  get isConflict(): boolean {
    return this.status === 412;
  }
}

interface ApiErrorParts {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly fix?: string | undefined;
  readonly requestId?: string | undefined;
  readonly fields?: Readonly<Record<string, string>>;
  readonly retryAfter?: number | undefined;
  readonly body?: unknown;
}

/**
 * Error bodies: `{error: {code, message}}` of Dataverse, the same with `innererror.message` of Human Resources, with
 * `details: [{target, message}]` of Graph, with `details: {fix}` of `/portvakt/v1`.
 */
export async function readError(answer: Response): Promise<ApiError> {
  const body = await bodyOf(answer);
  const error = member(body, 'error');
  const inner = member(member(error, 'innererror'), 'message');
  const message = text(inner) ?? text(member(error, 'message')) ?? '';
  const retryAfter = Number(answer.headers.get('Retry-After') ?? Number.NaN);
  return new ApiError({
    status: answer.status,
    code: text(member(error, 'code')) ?? String(answer.status),
    message,
    fix: text(member(member(error, 'details'), 'fix')) ?? text(member(error, 'fix')),
    requestId: requestIdOf(answer.headers),
    fields: fieldsOf(message, member(error, 'details')),
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
    body,
  });
}

async function bodyOf(answer: Response): Promise<unknown> {
  const sent = await answer.text();
  try {
    return JSON.parse(sent);
  } catch {
    return { error: { message: sent.slice(0, 500) } };
  }
}

const requestIdOf = (headers: Headers): string | undefined =>
  headers.get('REQ_ID') ?? headers.get('request-id') ?? headers.get('x-ms-request-id') ?? undefined;

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function fieldsOf(message: string, details: unknown): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  if (Array.isArray(details)) {
    for (const detail of details) {
      const target = text(member(detail, 'target'));
      if (target !== undefined) fields[target] = text(member(detail, 'message')) ?? message;
    }
  }
  // Dataverse, Human Resources and Graph name the field in the sentence only, by its name or its label.
  for (const [, named = ''] of message.matchAll(/['`"«]([^'`"«»]{1,100})['`"»]/g)) fields[named] ??= message;
  return fields;
}
