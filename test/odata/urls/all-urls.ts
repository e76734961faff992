import { acceptedAliases } from './accepted-aliases.ts';
import { acceptedExpands } from './accepted-expands.ts';
import { acceptedLiterals } from './accepted-literals.ts';
import { acceptedOperators } from './accepted-operators.ts';
import { acceptedOptions } from './accepted-options.ts';
import { acceptedOtherRows } from './accepted-other-rows.ts';
import { acceptedPaths } from './accepted-paths.ts';
import { acceptedQueryFunctions } from './accepted-query-functions.ts';
import { acceptedSpellings } from './accepted-spellings.ts';
import { acceptedTextFunctions } from './accepted-text-functions.ts';
import { refusedAliases } from './refused-aliases.ts';
import { refusedExpands } from './refused-expands.ts';
import { refusedFunctions } from './refused-functions.ts';
import { refusedLambdas } from './refused-lambdas.ts';
import { refusedLiterals } from './refused-literals.ts';
import { refusedNames } from './refused-names.ts';
import { refusedOperators } from './refused-operators.ts';
import { refusedOptions } from './refused-options.ts';
import { refusedPaths } from './refused-paths.ts';
import { refusedSpellings } from './refused-spellings.ts';
import type { AcceptedUrl, RefusedUrl } from './url-case.ts';

export const acceptedUrls: readonly AcceptedUrl[] = [
  ...acceptedPaths,
  ...acceptedOptions,
  ...acceptedExpands,
  ...acceptedLiterals,
  ...acceptedOperators,
  ...acceptedTextFunctions,
  ...acceptedOtherRows,
  ...acceptedQueryFunctions,
  ...acceptedAliases,
  ...acceptedSpellings,
];

export const refusedUrls: readonly RefusedUrl[] = [
  ...refusedPaths,
  ...refusedOptions,
  ...refusedExpands,
  ...refusedLiterals,
  ...refusedOperators,
  ...refusedNames,
  ...refusedFunctions,
  ...refusedLambdas,
  ...refusedAliases,
  ...refusedSpellings,
];
