/** Languages that messages of Human Resources are written in. */
export type Language = 'en' | 'nb';

/** A text in each language. */
export type Localized = Readonly<Record<Language, string>>;

/** Language of a user's locale such as `nb-no`; English where we do not speak it. */
export const languageOf = (locale: string): Language => (/^(?:nb|nn|no)(?:-|$)/i.test(locale.trim()) ? 'nb' : 'en');
