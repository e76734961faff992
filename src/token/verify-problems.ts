import type { Problem } from '../kernel/refusal.ts';

/**
 * Why a request has no caller. All are 401; codes as far as the product documents them (dataverse-web-api 2.4). The
 * text also stands in the challenge header, where the strict parser of a client splits at commas and equal signs:
 * INVARIANT: no comma, no quote, no equal sign in a text.
 */
export const verifyProblems = {
  missing: { code: '0x80044300', text: 'an access token is missing: send the header `Authorization: Bearer <token>`' },
  malformed: { code: '0x8004a100', text: 'the access token is not one that this authority issued' },
  signature: { code: '0x8004a105', text: 'the signature of the access token does not match' },
  issuer: { code: '0x8004a100', text: 'the access token was issued elsewhere' },
  tenant: { code: '0x8004a100', text: 'the access token belongs to another tenant' },
  audience: { code: '0x8004a100', text: 'the access token was issued for another resource' },
  expired: { code: '0x8004a101', text: 'the access token has expired' },
  notYetValid: { code: '0x8004a100', text: 'the access token is not valid yet' },
  clientGone: {
    code: '0x8004a103',
    text: 'the application of the access token does not exist in this tenant any more',
  },
  claims: { code: '0x8004a100', text: 'the access token lacks what its issuer must say here' },
  issuerUnreachable: {
    code: '0x8004a100',
    text: 'the keys of the issuer of the access token cannot be fetched at this moment',
  },
  userToken: { code: '0x8004a103', text: 'the access token stands for a user: only applications are let in' },
  unknownClient: {
    code: '0x8004a103',
    text: 'the issuer of the access token may not vouch for its application here',
  },
  clientDisabled: { code: '0x8004a103', text: 'the application of the access token is disabled' },
} as const;

export type VerifyProblemName = keyof typeof verifyProblems;

export const verifyProblem = (name: VerifyProblemName): Problem => ({
  status: 401,
  code: verifyProblems[name].code,
  message: verifyProblems[name].text,
});
