/** Defaults of column types where nothing is published (ats-api section 6, tags I and P). One place to correct. */
export const columnDefaults = {
  /** Characters of a text column without a published length. */
  textLength: 255,
  /** Characters of long text; Dataverse's own maximum for multi-line text. */
  memoLength: 1_048_576,
  /** Digits after the point of a decimal column. */
  decimalScale: 6,
  /** Largest absolute value of a decimal that may be written (human-resources-security 5.4). */
  decimalMax: 100_000_000_000,
} as const;
