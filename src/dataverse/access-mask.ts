import { type AccessRight, accessRightValues, rightNames } from '../metadata/privileges.ts';

/** All rights, in the order of their bits, which is that of the product's answers. */
export const accessRights: readonly AccessRight[] = (Object.keys(accessRightValues) as AccessRight[]).sort(
  (a, b) => accessRightValues[a] - accessRightValues[b],
);

const byWord: ReadonlyMap<string, AccessRight> = new Map(
  accessRights.map((right) => [`${rightNames[right]}Access`.toLowerCase(), right]),
);

/** The rights of a mask. */
export const rightsOf = (mask: number): readonly AccessRight[] =>
  accessRights.filter((right) => (mask & accessRightValues[right]) !== 0);

export const maskOf = (rights: readonly AccessRight[]): number =>
  rights.reduce((mask, right) => mask | accessRightValues[right], 0);

/** `ReadAccess, WriteAccess`, or `None`: how the enumeration `AccessRights` is written (dataverse-web-api 3.5). */
export const printRights = (rights: readonly AccessRight[]): string =>
  rights.length === 0 ? 'None' : rights.map((right) => `${rightNames[right]}Access`).join(', ');

/** A value of `AccessRights` in a request: names with commas between them, or the number. `undefined` when it is none. */
export function parseRights(value: unknown): readonly AccessRight[] | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  if (/^\d{1,9}$/.test(text))
    return maskOf(rightsOf(Number(text))) === Number(text) ? rightsOf(Number(text)) : undefined;
  const words = text.split(',').map((word) => word.trim().toLowerCase());
  if (words.length === 1 && words[0] === 'none') return [];
  const rights = words.map((word) => byWord.get(word));
  return rights.every((right) => right !== undefined) ? rightsOf(maskOf(rights)) : undefined;
}
