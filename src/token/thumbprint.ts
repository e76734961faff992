import type { ClientCertificate } from '../directory/entities.ts';
import type { AssertionHeader } from './assertion.ts';

/** Bytes of SHA-1 and SHA-256. */
const lengths: ReadonlySet<number> = new Set([20, 32]);

/**
 * The certificates that a header can mean: those that have every thumbprint which it names, or all when it names none.
 * @returns `named`: what it names, for messages
 */
export function findByThumbprint(
  certificates: readonly ClientCertificate[],
  { thumbprintSha256, thumbprint, keyId }: AssertionHeader,
): { readonly named: string | undefined; readonly candidates: readonly ClientCertificate[] } {
  const sent = [thumbprintSha256, thumbprint, keyId].filter((each) => each !== undefined);
  const names = sent.map(parseThumbprint);
  const candidates = certificates.filter((each) =>
    names.every((name) => name === each.thumbprint || name === each.thumbprintSha256),
  );
  return { named: names.find((name) => name !== undefined) ?? sent[0], candidates };
}

/**
 * A thumbprint in any of the forms in which clients send one: base64url or base64, padded or not, or hex (seen in old
 * clients, also as `kid`). Gives upper-case hex; `undefined` when it is none.
 */
function parseThumbprint(text: string): string | undefined {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) return text.toUpperCase();
  if (!/^[\w+/-]+={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return lengths.has(bytes.length) ? bytes.toString('hex').toUpperCase() : undefined;
}
