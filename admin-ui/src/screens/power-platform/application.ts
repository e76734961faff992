/** As Microsoft Graph shows an app registration; what this app asks for. */
export interface Application {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly createdDateTime: string;
  readonly signInAudience: string;
  readonly passwordCredentials: readonly PasswordCredential[];
  readonly keyCredentials: readonly KeyCredential[];
}

export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly hint: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
}

export interface KeyCredential extends Omit<PasswordCredential, 'hint'> {
  readonly customKeyIdentifier: string | null;
  readonly type: string;
  readonly usage: string;
}
