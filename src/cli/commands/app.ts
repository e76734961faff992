import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { usageError } from '../cli-error.ts';
import type { CommandCall, CommandGroup, CommandSpec } from '../command.ts';
import { filterOf, isGuid, pickByName } from '../lookups.ts';
import { parseRow, parseRows, type Row, type Session } from '../session.ts';

/** App registrations of the tenant, by Microsoft Graph's requests. */
export const appCommands: CommandGroup = {
  name: 'app',
  summary: 'App registrations: applications and their credentials',
  commands: [
    {
      usage: 'list',
      summary: 'Shows the app registrations of the tenant',
      examples: ['portvakt app list', 'portvakt app list --json'],
      async run({ session, output }) {
        const rows = await session.all(session.graph, 'applications?$select=appId,displayName,signInAudience');
        output.list(rows, [
          ['CLIENT ID', (row) => row['appId']],
          ['NAME', (row) => row['displayName']],
          ['AUDIENCE', (row) => row['signInAudience']],
        ]);
      },
    },
    {
      usage: 'show <app>',
      summary: 'Shows an application and the hints of its credentials; <app> is its client id or its name',
      examples: ["portvakt app show 'Demo ATS'"],
      async run({ session, output, words: [app = ''] }) {
        output.json(await findApp(session, app));
      },
    },
    {
      usage: 'create <name>',
      summary: 'Registers an application with its service principal and a secret, which is shown this once',
      options: [['--multi-tenant', 'Other tenants may admit it']],
      examples: ["portvakt app create 'Ansettelse'"],
      run: create,
    },
    {
      usage: 'delete <app>',
      summary: 'Deletes an application with all its credentials',
      examples: ["portvakt app delete 'Ansettelse'"],
      async run({ session, output, words: [app = ''] }) {
        const { id, appId } = await findApp(session, app);
        await session.graph(`applications/${id}`, { method: 'DELETE' });
        output.done(`deleted ${appId}`, { appId });
      },
    },
    {
      usage: 'admit <client-id>',
      summary: 'Admits an application to the tenant, which is consent: makes its service principal',
      examples: ['portvakt app admit 5c1f1f0e-…'],
      async run({ session, output, words: [appId = ''] }) {
        await session.graph('servicePrincipals', { method: 'POST', body: { appId } });
        output.done(`${appId} is admitted`, { appId });
      },
    },
    setEnabled('enable', true, 'Lets an application get tokens again'),
    setEnabled('disable', false, 'Refuses an application tokens, and those that it has, in this tenant'),
    {
      usage: 'add-secret <app>',
      summary: 'Adds a client secret, which is shown this once; older ones stay valid',
      options: [
        ['--name <name>', 'What it is recognised by'],
        ['--days <days>', 'How long it is valid (default: two years)'],
      ],
      examples: ["portvakt app add-secret 'Ansettelse' --name autumn --days 180"],
      run: addSecret,
    },
    {
      usage: 'remove-secret <app> <key-id>',
      summary: 'Removes a client secret; tokens that it has proved live on until they expire',
      examples: ["portvakt app remove-secret 'Ansettelse' 5e6f0c1e-…"],
      async run({ session, output, words: [app = '', keyId = ''] }) {
        const { id } = await findApp(session, app);
        await session.graph(`applications/${id}/removePassword`, { method: 'POST', body: { keyId } });
        output.done(`removed ${keyId}`, { keyId });
      },
    },
    {
      usage: 'add-certificate <app> <file>',
      summary: 'Registers a certificate (PEM; the private key stays with you)',
      options: [['--name <name>', 'What it is recognised by']],
      examples: ["portvakt app add-certificate 'Ansettelse' certificate.pem"],
      run: addCertificate,
    },
    {
      usage: 'add-federated <app> <name>',
      summary: "Trusts another identity provider's tokens as the application's proof",
      options: [
        ['--issuer <url>', 'iss of its tokens'],
        ['--subject <subject>', 'sub of its tokens'],
        ['--audience <audience>', 'aud of its tokens (default: api://AzureADTokenExchange)'],
      ],
      examples: ["portvakt app add-federated 'Ansettelse' pipeline --issuer https://login.example --subject repo:x"],
      run: addFederated,
    },
  ],
};

function setEnabled(verb: 'enable' | 'disable', accountEnabled: boolean, summary: string): CommandSpec {
  return {
    usage: `${verb} <client-id>`,
    summary,
    examples: [`portvakt app ${verb} 5c1f1f0e-…`],
    async run({ session, output, words: [appId = ''] }) {
      const path = `servicePrincipals(appId='${encodeURIComponent(appId)}')`;
      await session.graph(path, { method: 'PATCH', body: { accountEnabled } });
      output.done(`${appId} is ${verb}d`, { appId, accountEnabled });
    },
  };
}

async function create({ session, output, isSet, words: [displayName = ''] }: CommandCall): Promise<void> {
  const signInAudience = isSet('multiTenant') ? 'AzureADMultipleOrgs' : 'AzureADMyOrg';
  const app = parseRow(await session.graph('applications', { method: 'POST', body: { displayName, signInAudience } }));
  await session.graph('servicePrincipals', { method: 'POST', body: { appId: app['appId'] } });
  const body = { passwordCredential: { displayName: 'first' } };
  const secret = parseRow(await session.graph(`applications/${app['id']}/addPassword`, { method: 'POST', body }));
  output.show({ clientId: app['appId'], clientSecret: secret['secretText'], name: displayName });
}

async function addSecret({ session, output, option, words: [app = ''] }: CommandCall): Promise<void> {
  const { id, appId } = await findApp(session, app);
  const days = option('days');
  const body = {
    passwordCredential: { displayName: option('name') ?? null, ...(days && { endDateTime: inDays(days) }) },
  };
  const made = parseRow(await session.graph(`applications/${id}/addPassword`, { method: 'POST', body }));
  const { keyId, secretText, endDateTime } = made;
  output.show({ clientId: appId, clientSecret: secretText, keyId, validUntil: endDateTime });
}

function inDays(days: string): string {
  if (!/^[1-9]\d{0,4}$/.test(days)) throw usageError(`--days ${days} is not a number of days`);
  return new Date(Date.now() + Number(days) * 86_400_000).toISOString();
}

/** The list of certificates is replaced as a whole; entries without a key stay as they are (`keyCredentials` of Graph). */
async function addCertificate({ session, output, option, words: [app = '', file = ''] }: CommandCall): Promise<void> {
  const certificate = readCertificate(file);
  const { id, appId, keyCredentials } = await findApp(session, app);
  const key = certificate.raw.toString('base64');
  const added = { type: 'AsymmetricX509Cert', usage: 'Verify', displayName: option('name') ?? null, key };
  const body = { keyCredentials: [...parseRows(keyCredentials), added] };
  await session.graph(`applications/${id}`, { method: 'PATCH', body });
  output.show({
    clientId: appId,
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    validUntil: certificate.validTo,
  });
}

function readCertificate(file: string): X509Certificate {
  try {
    const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(readFileSync(file, 'utf8'))?.[0];
    if (pem !== undefined) return new X509Certificate(pem);
  } catch (error) {
    throw usageError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  throw usageError(`${file} holds no certificate`, 'it must have a block -----BEGIN CERTIFICATE-----');
}

async function addFederated({ session, output, option, words: [app = '', name = ''] }: CommandCall): Promise<void> {
  const [issuer, subject] = [option('issuer'), option('subject')];
  if (issuer === undefined || subject === undefined) throw usageError('--issuer and --subject must be given');
  const { id, appId } = await findApp(session, app);
  const body = { name, issuer, subject, audiences: [option('audience') ?? 'api://AzureADTokenExchange'] };
  await session.graph(`applications/${id}/federatedIdentityCredentials`, { method: 'POST', body });
  output.done(`${appId} trusts ${issuer}`, { clientId: appId, ...body });
}

/** @throws CliError when the tenant has no such application */
async function findApp(session: Session, app: string): Promise<Row> {
  if (isGuid(app)) {
    const [found] = await session.all(session.graph, `applications?${filterOf(`appId eq '${app}'`)}`);
    if (found !== undefined) return found;
  }
  return pickByName(await session.all(session.graph, 'applications'), 'application', 'displayName', app);
}
