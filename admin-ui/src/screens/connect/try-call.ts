import { ApiError, readError } from '../../api/api-error.ts';
import { webApi } from '../../api/odata.ts';

/** What the application is answered, as it would be from anywhere. */
export type TestResult =
  | { readonly kind: 'allowed'; readonly rows: number }
  | { readonly kind: 'refused'; readonly error: ApiError };

interface Connection {
  readonly tenantId: string;
  /** The environment's address: the scope that the token is for. */
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly secret: string;
}

export const testedSet = 'mshr_hcmrecruitingrequestentities';

/** Gets a token and calls, without the cookie of whoever is signed in: both gates decide about the application. */
export async function tryCall({ tenantId, environmentUrl, clientId, secret }: Connection): Promise<TestResult> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    scope: `${environmentUrl}/.default`,
  });
  const asked = await fetch(`/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body: form, credentials: 'omit' });
  if (!asked.ok) return { kind: 'refused', error: await tokenError(asked) };
  const { access_token: token } = (await asked.json()) as { readonly access_token: string };
  const answer = await fetch(`${webApi}/${testedSet}?$top=1&$count=true`, {
    credentials: 'omit',
    headers: { Accept: 'application/json', Authorization: `Bearer ${token}` },
  });
  if (!answer.ok) return { kind: 'refused', error: await readError(answer) };
  const body = (await answer.json()) as { readonly '@odata.count'?: number };
  return { kind: 'allowed', rows: body['@odata.count'] ?? 0 };
}

/** RFC 6749 section 5.2: the code and the sentence stand side by side. */
async function tokenError(answer: Response): Promise<ApiError> {
  const body = (await answer.json()) as { readonly error?: string; readonly error_description?: string };
  return new ApiError({
    status: answer.status,
    code: body.error ?? '',
    message: (body.error_description ?? '').split(/\r?\n/)[0] ?? '',
    requestId: answer.headers.get('x-ms-request-id') ?? undefined,
  });
}
