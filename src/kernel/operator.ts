/** What a person who uses the web app may do (`admin/contract.ts` says what each means). */
export const operatorRoles = ['full', 'readOnly', 'recruiting'] as const;
export type OperatorRole = (typeof operatorRoles)[number];

/** The person on whose behalf the web app asks. */
export interface RequestOperator {
  readonly id: string;
  readonly name: string;
  readonly role: OperatorRole;
}
