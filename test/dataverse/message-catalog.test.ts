import { expect, test } from 'vitest';
import { platformMessages } from '../../src/dataverse/message-catalog.ts';
import { messages } from '../../src/odata/csdl-messages.ts';

test('every message that is built stands in $metadata as it is called, and no other', () => {
  const shape = ({ name, kind, boundTo }: { name: string; kind: string; boundTo?: string }): string =>
    `${kind} ${boundTo ?? ''}:${name}`;
  expect(messages.map(shape).sort()).toEqual(platformMessages.map(shape).sort());
});
