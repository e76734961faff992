import { directoryRefusal } from './problems.ts';
import { displayNameLength } from './tables.ts';

/** Control characters and halves of surrogate pairs: no name needs them, and not every database keeps them. */
const unprintable = /[\p{Cc}\p{Cs}]/u;
/** The same without tab and line ends. */
const unprintableInLines = /(?![\t\n\r])[\p{Cc}\p{Cs}]/u;

/** One line of text of 1 to `maxLength` characters. Throws a Refusal that names the property otherwise. */
export function checkText(property: string, text: string, maxLength: number): string {
  if (text === '' || text.length > maxLength) {
    throw directoryRefusal('invalidValue', property, `1 to ${maxLength} characters are needed`);
  }
  if (unprintable.test(text)) throw directoryRefusal('invalidValue', property, 'it has control characters');
  return text;
}

/** Text of several lines, or nothing. */
export function checkLines(property: string, text: string | null, maxLength: number): string | null {
  if (text === null || text === '') return null;
  if (text.length > maxLength) {
    throw directoryRefusal('invalidValue', property, `at most ${maxLength} characters are allowed`);
  }
  if (unprintableInLines.test(text)) throw directoryRefusal('invalidValue', property, 'it has control characters');
  return text;
}

/** A display name: trimmed, not empty, at most 256 characters. Throws a Refusal otherwise. */
export const checkDisplayName = (text: string): string => checkText('displayName', text.trim(), displayNameLength);
