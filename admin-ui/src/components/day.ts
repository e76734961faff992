/** A date column's value (midnight UTC on the wire) as noon where the reader is: the same day everywhere. */
export const dayOf = (value: string | null | undefined): string | undefined =>
  value === null || value === undefined || value === '' ? undefined : `${value.slice(0, 10)}T12:00:00`;
