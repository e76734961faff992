/** A moment as storage keeps it: `YYYY-MM-DDThh:mm:ssZ`. */
export const textOfMoment = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
