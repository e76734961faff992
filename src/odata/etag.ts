/** `W/"12345"`: the row version as an ETag (dataverse-web-api 4.7). */
export const formatEtag = (version: bigint): string => `W/"${version}"`;

const etagPattern = /^(?:W\/)?"(\d{1,19})"$/;

/** The row version in one ETag, weak or strong. `undefined` when it is not one of ours. */
export function parseEtag(text: string): bigint | undefined {
  const digits = etagPattern.exec(text.trim())?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}
