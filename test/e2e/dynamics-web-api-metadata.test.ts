import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/database.ts';
import { runScript } from '../support/run-script.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const id = expect.stringMatching(/^[0-9a-f-]{36}$/);

/** The unmodified client's methods for metadata, all of them, in a process of its own. */
describe.each(engines)('metadata methods of dynamics-web-api on %s', (engine) => {
  let server: TestServer;
  let output: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    server = await startTestServer(engine);
    const { code, stdout, stderr } = await runScript(server, 'test/e2e/metadata-client-script.mjs');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    output = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  });
  afterAll(() => server.close());

  test.each([
    ['createEntity', 'created', id],
    ['retrieveEntity', 'entity', { name: 'new_fleet', set: 'new_fleets', id }],
    ['retrieveEntities', 'entities', ['new_fleet', 'new_car']],
    ['updateEntity', 'renamed', 'Fleets'],
    ['createAttribute', 'attribute', id],
    ['retrieveAttribute', 'size', { name: 'new_size', max: 1000 }],
    ['updateAttribute and retrieveAttributes', 'attributes', [['new_size', 50]]],
    ['createRelationship', 'relationship', id],
    ['updateRelationship and retrieveRelationships', 'relationships', [['new_fleet_car', 'Restrict']]],
    ['createGlobalOptionSet', 'choice', id],
    ['retrieveGlobalOptionSet', 'options', ['Electric']],
    ['updateGlobalOptionSet and retrieveGlobalOptionSets', 'choices', ['Fuel']],
    ['callAction for InsertOptionValue', 'inserted', expect.objectContaining({ NewOptionValue: 100000000 })],
    ['create and retrieve in the new tables', 'car', { name: 'One', fleet: 'Blue' }],
    [
      'create with a number that is too large',
      'tooLarge',
      expect.objectContaining({ status: 400, code: '0x8004432f' }),
    ],
    [
      'deleteRecord of a row that others need',
      'restricted',
      expect.objectContaining({ status: 405, code: '0x80040227' }),
    ],
    ['retrieveCsdlMetadata', 'csdl', true],
    ['callFunction for RetrieveCurrentOrganization', 'organization', 'Nordlys'],
    ['deleteRecord of a table that is used', 'inUse', expect.objectContaining({ status: 400, code: '0x8004f01f' })],
    ['deleteGlobalOptionSet', 'choiceGone', expect.anything()],
    ['retrieveEntity of a table that is gone', 'gone', expect.objectContaining({ status: 404, code: '0x80041102' })],
    ['retrieveMultiple of a table that is gone', 'rowsGone', expect.objectContaining({ status: 404 })],
  ])('%s', (_method, member, expected) => {
    expect(output[member]).toEqual(expected);
  });
});
