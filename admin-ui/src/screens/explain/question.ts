import type { MessageKey } from '../../i18n/en.ts';

/** What somebody asks about a right, as it stands in the page's address: a question can be handed on as a link. */
export const questionNames = ['clientId', 'right', 'table', 'columns', 'company', 'row'] as const;

export type Question = Readonly<Partial<Record<(typeof questionNames)[number], string>>>;

/** Rights on rows of a table, under the words of the matrix of a security role. */
export const askedRights: readonly (readonly [string, MessageKey])[] = [
  ['read', 'right.read'],
  ['create', 'right.create'],
  ['write', 'right.write'],
  ['delete', 'right.delete'],
];

export const questionOf = (parameters: URLSearchParams): Question =>
  Object.fromEntries(
    questionNames.map((name) => [name, parameters.get(name) ?? '']).filter(([, value]) => value !== ''),
  );

export const hrefOfCanI = (question: Question): string => `/can-i?${new URLSearchParams(question)}`;
