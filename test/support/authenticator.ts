import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

/** What an authenticator does that is broken, or in somebody else's hands. */
export interface Wrong {
  /** Origin that the browser says it is at. */
  readonly origin?: string;
  /** Relying party that the authenticator signs for. */
  readonly rpId?: string;
  readonly challenge?: string;
  readonly userHandle?: string;
  /** Nobody has touched it, or shown who they are. */
  readonly isPresent?: boolean;
  readonly isVerified?: boolean;
  readonly counter?: number;
  /** The signature is over something else. */
  readonly isTampered?: boolean;
  /** What the browser says that it was asked for. */
  readonly type?: string;
}

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
}

const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();

/** One passkey (ES256, no attestation) with the browser around it. Answers as `PublicKeyCredential.toJSON()` does. */
export class Authenticator {
  readonly #key: KeyObject;
  readonly #publicKey: Buffer;
  readonly id: string;
  readonly #origin: string;
  #rpId = '';
  userHandle = '';
  counter = 0;

  constructor(origin: string, id = base64url(randomBytes(32))) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const cose = new Map<number, number | Uint8Array>([
      ...([
        [1, 2],
        [3, -7],
        [-1, 1],
      ] as const),
      [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
    ]);
    this.#key = privateKey;
    this.#publicKey = Buffer.from(isoCBOR.encode(cose));
    this.#origin = origin;
    this.id = id;
  }

  /** `navigator.credentials.create`. */
  create(options: object, wrong: Wrong = {}): object {
    const { challenge, rp, user } = options as CreationOptions;
    this.#rpId = rp.id;
    this.userHandle = user.id;
    const credentialId = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(credentialId.length);
    const credential = Buffer.concat([Buffer.alloc(16), length, credentialId, this.#publicKey]);
    const authData = new Uint8Array(Buffer.concat([this.#authData(0x40, wrong), credential]));
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    const clientData = this.#clientData('webauthn.create', challenge, wrong);
    const response = {
      clientDataJSON: base64url(clientData),
      attestationObject: base64url(isoCBOR.encode(attestation as never)),
      transports: ['internal'],
    };
    return this.#answer(response);
  }

  /** `navigator.credentials.get`. */
  get(options: object, wrong: Wrong = {}): object {
    this.counter += 1;
    const authData = this.#authData(0, wrong);
    const clientData = this.#clientData('webauthn.get', (options as { challenge: string }).challenge, wrong);
    const signed = Buffer.concat([authData, wrong.isTampered === true ? randomBytes(32) : sha256(clientData)]);
    return this.#answer({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(authData),
      signature: base64url(sign('sha256', signed, this.#key)),
      userHandle: wrong.userHandle ?? this.userHandle,
    });
  }

  #answer(response: object): object {
    return { id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {}, response };
  }

  #clientData(type: string, challenge: string, wrong: Wrong): string {
    const said = { type: wrong.type ?? type, challenge: wrong.challenge ?? challenge };
    return JSON.stringify({ ...said, origin: wrong.origin ?? this.#origin, crossOrigin: false });
  }

  #authData(flags: number, { rpId, isPresent = true, isVerified = true, counter }: Wrong): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter ?? this.counter);
    const all = flags | (isPresent ? 0x01 : 0) | (isVerified ? 0x04 : 0);
    return Buffer.concat([sha256(rpId ?? this.#rpId), Buffer.from([all]), count]);
  }
}
