import { depths, rights } from './setup.ts';

const text = { type: 'string', minLength: 1 } as const;
const texts = { type: 'array', items: text } as const;
const guid = { type: 'string', pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' } as const;

/** An object with these members and no others. */
const object = (properties: Readonly<Record<string, unknown>>, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const list = (items: unknown) => ({ type: 'array', items });

/** Exactly one of the two says which application is meant. */
const ofApplication = { oneOf: [{ required: ['application'] }, { required: ['clientId'] }] };

/** The form of a set-up file: JSON Schema, published as docs/setup.schema.json. `setup.ts` says what it means. */
export const setupSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Portvakt set-up',
  ...object(
    {
      version: { const: 1 },
      legalEntities: list(object({ id: text, name: text }, ['id', 'name'])),
      applications: list(object({ name: text, audience: { enum: ['AzureADMyOrg', 'AzureADMultipleOrgs'] } }, ['name'])),
      securityRoles: list(
        object(
          {
            name: text,
            privileges: list({
              ...object({
                tables: texts,
                rights: { type: 'array', items: { enum: rights }, minItems: 1 },
                names: texts,
                depth: { enum: depths },
              }),
              dependencies: { tables: ['rights'], rights: ['tables'] },
            }),
          },
          ['name', 'privileges'],
        ),
      ),
      applicationUsers: list({
        ...object({
          application: text,
          clientId: guid,
          businessUnit: text,
          isDisabled: { type: 'boolean' },
          securityRoles: texts,
        }),
        ...ofApplication,
      }),
      hrRoles: list(
        object({ role: text, name: text, contextString: text, duties: texts, privileges: texts, childRoles: texts }, [
          'role',
        ]),
      ),
      hrUsers: list(
        object(
          {
            ...{ userId: text, name: text, email: text, provider: text, company: text, language: text },
            isEnabled: { type: 'boolean' },
            roles: list(object({ role: text, legalEntities: texts }, ['role'])),
          },
          ['userId'],
        ),
      ),
      applicationLinks: list({
        ...object({ application: text, clientId: guid, name: text, hrUser: text }, ['name', 'hrUser']),
        ...ofApplication,
      }),
      choices: list(
        object(
          {
            name: text,
            label: text,
            options: list(object({ value: { type: 'integer' }, label: text }, ['value', 'label'])),
          },
          ['name', 'label', 'options'],
        ),
      ),
    },
    ['version'],
  ),
} as const;
