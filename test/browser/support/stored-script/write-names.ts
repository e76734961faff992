import { Authenticator } from '../../../support/authenticator.ts';
import { addPasskey } from '../../../support/passkeys.ts';
import type { Browser as Person } from '../../../support/web-app-browser.ts';
import { password } from '../app.ts';
import type { Json, Surface, Writer } from './writer.ts';

interface Named {
  readonly field: string;
  readonly surface: Surface;
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly body: Json;
}

/** Writes the text into what is named elsewhere than in rows: in the directory, in definitions, by operators. */
export async function writeNames(writer: Writer, person: Person): Promise<void> {
  for (const { field, surface, method, path, body } of await namesOf(writer))
    writer.note([field], await writer.ask(surface, method, path, body));
  const key = new Authenticator(person.origin);
  writer.note(['passkey.name'], await addPasskey(person, key, { current: password, name: writer.text }));
}

async function namesOf(writer: Writer): Promise<readonly Named[]> {
  const { text } = writer;
  const patches = async (
    what: string,
    surface: Surface,
    set: string,
    members: readonly string[],
  ): Promise<readonly Named[]> =>
    (await writer.rows(surface, set)).flatMap(({ id }) =>
      members.map((member) => ({
        ...{ field: `${what}.${member}`, surface, method: 'PATCH' as const, path: `${set}/${id}` },
        body: { [member]: text },
      })),
    );
  const [application] = await writer.rows('graph', 'applications');
  const path = `applications/${application?.['id']}`;
  const made: readonly (readonly [string, Surface, string, Json])[] = [
    ['secret.displayName', 'graph', `${path}/addPassword`, { passwordCredential: { displayName: text } }],
    ...['name', 'subject', 'description'].map(
      (member) =>
        [
          `federated.${member}`,
          'graph',
          `${path}/federatedIdentityCredentials`,
          {
            ...{ name: `by-${member}`, issuer: 'https://issuer.example', subject: member, audiences: ['api://x'] },
            [member]: text,
          },
        ] as const,
    ),
    ['operator.name', 'portvakt', 'operators', { name: text, role: 'readOnly' }],
    ['webhook.name', 'portvakt', 'webhooks', { name: text, url: 'https://ats.invalid/hooks' }],
    ['table.label', 'api', 'EntityDefinitions', tableOf(text)],
    ['choice.label', 'api', 'GlobalOptionSetDefinitions', choiceOf(text)],
    [
      'option.label',
      'api',
      'UpdateOptionValue',
      { OptionSetName: 'mshr_hcmrecruitingrequeststatus', Value: 200000005, Label: labelOf(text), MergeLabels: true },
    ],
  ];
  return [
    ...(await patches('application', 'graph', 'applications', ['displayName', 'notes'])),
    ...(await patches('servicePrincipal', 'graph', 'servicePrincipals', ['displayName'])),
    ...(await patches('environment', 'portvakt', 'environments', ['name'])),
    ...(await patches('tenant', 'portvakt', 'tenants', ['displayName'])),
    ...made.map(([field, surface, at, body]) => ({ field, surface, method: 'POST' as const, path: at, body })),
  ];
}

const labelOf = (text: string): Json => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] });

const tableOf = (text: string): Json => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata',
  SchemaName: 'new_Script',
  OwnershipType: 'UserOwned',
  DisplayName: labelOf(text),
  DisplayCollectionName: labelOf(text),
  Description: labelOf(text),
  Attributes: [
    {
      '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
      ...{ SchemaName: 'new_Title', IsPrimaryName: true, MaxLength: 100 },
      DisplayName: labelOf(text),
      Description: labelOf(text),
    },
  ],
});

const choiceOf = (text: string): Json => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
  ...{ Name: 'new_script', OptionSetType: 'Picklist' },
  DisplayName: labelOf(text),
  Description: labelOf(text),
  Options: [{ Value: 1, Label: labelOf(text) }],
});
