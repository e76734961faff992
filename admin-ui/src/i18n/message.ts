/** A text with `{name}` for values; with two forms where it counts, chosen by the value `n`. */
export type Message = string | { readonly one: string; readonly other: string };

/** Texts of one area in a language other than English: the same keys, none more and none less. */
export type Translated<T> = { readonly [K in keyof T]: Message };
