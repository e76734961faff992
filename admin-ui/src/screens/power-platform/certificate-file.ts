/** The certificate of a file as DER in base64: of PEM text the first one, else the bytes if they may be DER. */
export function derOf(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder('latin1').decode(bytes);
  const pem = /-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/.exec(text)?.[1];
  if (pem !== undefined) return pem.replace(/\s/g, '');
  // DER: a SEQUENCE (X.690) with a length of two bytes.
  return bytes[0] === 0x30 && bytes[1] === 0x82 ? btoa(text) : undefined;
}
