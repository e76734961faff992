import type { Operation } from '../odata/operation.ts';
import type { Preferences } from '../odata/preferences.ts';
import { withLookupNames } from './annotations.ts';
import { withFlatNames } from './flat-annotations.ts';

/** Where the caller wants formatted values, also fetch the names of the rows that lookups point to. */
export function withDisplayNames(operation: Operation, preferences: Preferences): Operation {
  if (!preferences.asksAnnotations) return operation;
  const wants = preferences.wantsAnnotation;
  switch (operation.kind) {
    case 'retrieve':
    case 'retrieveMultiple':
    case 'retrieveRelated':
      return { ...operation, query: withLookupNames(operation.query, wants) };
    case 'flat':
      return { ...operation, query: withFlatNames(operation.query, wants) };
    case 'create':
    case 'update':
      if (operation.representation === undefined) return operation;
      return { ...operation, representation: withLookupNames(operation.representation, wants) };
    default:
      return operation;
  }
}
