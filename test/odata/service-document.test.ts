import { expect, test } from 'vitest';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { serviceDocument } from '../../src/odata/service-document.ts';

const context = 'https://localhost:8443/api/data/v9.2/$metadata';

test('the service document lists every entity set by name, and only those of the Web API', () => {
  const model = builtInModel();
  const document = serviceDocument(model.entitySet, context);
  expect(document['@odata.context']).toBe(context);
  expect(document.value).toContainEqual({
    name: 'mshr_hcmrecruitingrequestentities',
    kind: 'EntitySet',
    url: 'mshr_hcmrecruitingrequestentities',
  });
  const names = document.value.map(({ name }) => name);
  expect(names).toEqual([...names].sort());
  expect(new Set(names)).toEqual(new Set(model.entitySet.keys()));
  expect(names).not.toContain('SysAADClients');
  expect(names).not.toContain('teammemberships');
});
