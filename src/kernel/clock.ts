/** The time now. Passed in wherever time matters, so that a test can set it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Whole seconds since 1970, as JWT `iat`, `nbf` and `exp` count them (RFC 7519 section 2, NumericDate). */
export const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);
