import { readFile } from 'node:fs/promises';
import type { Log } from '../kernel/log.ts';
import type { DemoEnv } from './demo-env.ts';
import { parseDemoEnv, renderDemoEnv } from './demo-env.ts';
import type { SeedClient } from './seed-client.ts';
import { seedDemo } from './seed-demo.ts';

/** What the demo's file says that depends on where the server runs, not on what was set up. */
export interface DemoPlace {
  readonly apiUrl: string;
  readonly tenantId: string;
  /** Absolute paths; `undefined` where there is no such file. */
  readonly certificateFile: string;
  readonly caFile: string | undefined;
}

export interface DemoSetUp extends DemoPlace {
  readonly client: SeedClient;
  readonly administrator: { readonly clientId: string; readonly clientSecret: string };
  /** Registers the demo ATS's certificate; the private key goes to `certificateFile`. */
  readonly registerCertificate: (applicationId: string) => Promise<void>;
  readonly today: Date;
  readonly log: Log;
}

/** Fills the demo organisation and answers the text of `demo.env`. */
export async function setUpDemo(setUp: DemoSetUp): Promise<string> {
  const { client, today, apiUrl, log } = setUp;
  const { ats, stranger, roleless, reader, unlinked } = await seedDemo(client, { today, environmentUrl: apiUrl, log });
  await setUp.registerCertificate(ats.applicationId);
  return renderDemoEnv({
    ...placeValues(setUp),
    CLIENT_ID: ats.clientId,
    CLIENT_SECRET: ats.clientSecret,
    ADMIN_CLIENT_ID: setUp.administrator.clientId,
    ADMIN_CLIENT_SECRET: setUp.administrator.clientSecret,
    STRANGER_CLIENT_ID: stranger.clientId,
    STRANGER_CLIENT_SECRET: stranger.clientSecret,
    ROLELESS_CLIENT_ID: roleless.clientId,
    ROLELESS_CLIENT_SECRET: roleless.clientSecret,
    READER_CLIENT_ID: reader.clientId,
    READER_CLIENT_SECRET: reader.clientSecret,
    UNLINKED_CLIENT_ID: unlinked.clientId,
    UNLINKED_CLIENT_SECRET: unlinked.clientSecret,
  });
}

type PlaceName = 'API_URL' | 'AUTHORITY_URL' | 'TENANT_ID' | 'CERT' | 'NODE_EXTRA_CA_CERTS';

function placeValues({ apiUrl, tenantId, certificateFile, caFile }: DemoPlace): Pick<DemoEnv, PlaceName> {
  return {
    API_URL: apiUrl,
    AUTHORITY_URL: `${apiUrl}/${tenantId}`,
    TENANT_ID: tenantId,
    CERT: certificateFile,
    ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
  };
}

/**
 * The text of an existing `demo.env` with the addresses and paths of this start: another port, another folder.
 * `undefined` when there is no such file, or when it says all that already.
 */
export async function renewDemoEnv(file: string, place: DemoPlace): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  const { NODE_EXTRA_CA_CERTS: _, ...kept } = parseDemoEnv(text);
  const renewed = renderDemoEnv({ ...kept, ...placeValues(place) });
  return renewed === text ? undefined : renewed;
}
