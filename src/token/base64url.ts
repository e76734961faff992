/** base64url without padding, and only in its one canonical form (RFC 7515 section 2). `undefined`: it is none, or empty. */
export function parseBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length > 0 && bytes.toString('base64url') === text ? bytes : undefined;
}
