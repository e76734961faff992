declare const brand: unique symbol;

/** A string (or other primitive) that only its own `parse…` function can make. A value may carry several brands. */
export type Brand<T, Name extends string> = T & { readonly [brand]: { readonly [Key in Name]: true } };
