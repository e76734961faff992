import { expect, test } from 'vitest';
import { chooseLanguage } from '../../src/consent/texts.ts';

test.each([
  { header: undefined, language: 'en' },
  { header: '', language: 'en' },
  { header: 'nb-NO', language: 'nb' },
  { header: 'no', language: 'nb' },
  { header: 'nn,en;q=0.5', language: 'nb' },
  { header: 'en-GB,nb;q=0.9', language: 'en' },
  { header: 'en;q=0.2, NB;q=0.8', language: 'nb' },
  { header: 'de-DE,de;q=0.9,nb;q=0.3', language: 'nb' },
  { header: 'nb;q=0', language: 'en' },
  { header: '*', language: 'en' },
  { header: 'nb;q=x', language: 'en' },
])('Accept-Language $header is answered in $language', ({ header, language }) => {
  expect(chooseLanguage(header)).toBe(language);
});
