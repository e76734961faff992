/** The one of `names` that `text` means: names of properties are matched without regard to case. */
export const findName = (names: readonly string[], text: string): string | undefined =>
  names.find((name) => name === text) ?? names.find((name) => name.toLowerCase() === text.toLowerCase());
