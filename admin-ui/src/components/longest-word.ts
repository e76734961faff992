/** Letters of the longest word of a text, which no line can break: a hyphen ends one. */
export const longestWord = (text: string): number => Math.max(...text.split(/[\s-]/).map(({ length }) => length));
