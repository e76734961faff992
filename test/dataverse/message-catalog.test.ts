import { expect, test } from 'vitest';
import { platformMessages } from '../../src/dataverse/message-catalog.ts';
import { messages } from '../../src/odata/csdl-messages.ts';

interface Shape {
  readonly name: string;
  readonly kind: string;
  readonly boundTo?: string | readonly string[];
}

test('every message that is built stands in $metadata as it is called, and no other', () => {
  const shape = ({ name, kind, boundTo }: Shape): string => `${kind} ${String(boundTo ?? '')}:${name}`;
  expect(messages.map(shape).sort()).toEqual(platformMessages.map(shape).sort());
});
