declare const brand: unique symbol;

/** A string (or other primitive) that only its own `parse…` function can make. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
