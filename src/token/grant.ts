import type { DirectorySnapshot } from '../directory/snapshot.ts';
import type { AccessToken, TokenOrder } from './access-token.ts';
import type { AuthenticationServices } from './client-authentication.ts';
import type { ResourceDirectory } from './resources.ts';
import type { TokenRequest } from './token-request.ts';

/** What a grant may ask of the authority. */
interface GrantServices {
  readonly directory: DirectorySnapshot;
  readonly resources: ResourceDirectory;
  readonly authentication: AuthenticationServices;
  makeToken(order: TokenOrder): Promise<AccessToken>;
}

/** One grant type (RFC 6749 section 4). `issue` rejects with a `TokenRefusal`. */
export interface Grant {
  readonly grantType: string;
  issue(request: TokenRequest, services: GrantServices): Promise<AccessToken>;
}
