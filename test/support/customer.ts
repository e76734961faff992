import { execFile } from 'node:child_process';
import { join } from 'node:path';
import {
  administratorToken,
  callEnvironment,
  callHumanResources,
  type MadeEnvironment,
  type MadeTenant,
} from './administration.ts';
import { type Answer, type Ask, ask } from './client.ts';
import { ConsentBrowser, type SendPage } from './consent-browser.ts';
import { bodyOf, createdId, query, rowsOf } from './odata.ts';
import { root } from './process.ts';
import { lastCode, type RecordingLog } from './recording-log.ts';
import type { EmptyServer } from './server.ts';

/** What a customer's administrator does to let a partner's application in, over real HTTPS. */
export class Customer {
  readonly environment: MadeEnvironment;
  readonly tenant: MadeTenant;
  readonly #server: EmptyServer;

  constructor(server: EmptyServer, environment: MadeEnvironment) {
    this.#server = server;
    this.environment = environment;
    this.tenant = environment.tenant;
  }

  get url(): string {
    return this.environment.url;
  }

  /** Where clients of this customer ask for tokens and call. */
  get place() {
    return { authority: this.tenant.authority, url: this.url };
  }

  webApi(path: string, options: Ask = {}): Promise<Answer> {
    return callEnvironment(this.#server, this.environment, path, options);
  }

  async graph(path: string, options: Ask = {}): Promise<Answer> {
    const token = await administratorToken(this.#server, this.tenant, 'https://graph.microsoft.com/.default');
    return ask(this.#server.ca, `${this.#server.url}/v1.0/${path}`, { ...options, token });
  }

  /** Admits the application on the consent page, with the code in the server's log. Gives where the page leads to. */
  async consent(clientId: string, redirectUri: string, log: RecordingLog): Promise<URL> {
    const query = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, state: this.tenant.id });
    const url = `${this.tenant.authority}/adminconsent?${query}`;
    const send: SendPage = (target, options) => ask(this.#server.ca, target, options);
    const browser = new ConsentBrowser(send);
    const page = await browser.open(url);
    const code = lastCode(log, this.tenant.id, clientId) ?? '';
    const answer = await browser.submit(url, page, { code, decision: 'accept' });
    if (answer.status !== 303) throw new Error(`no consent: ${answer.status} ${answer.text}`);
    return new URL(answer.headers['location'] ?? '');
  }

  /** Steps 1 and 3 of the first gate: the application user, with the role of this name. Gives its id. */
  async addApplicationUser(clientId: string, roleName: string): Promise<string> {
    const unit = rowsOf(
      await this.webApi(`businessunits?${query({ $filter: '_parentbusinessunitid_value eq null' })}`),
    );
    const body = {
      applicationid: clientId,
      'businessunitid@odata.bind': `/businessunits(${unit[0]?.['businessunitid']})`,
    };
    const user = createdId(await this.webApi('systemusers', { method: 'POST', body }));
    const role = rowsOf(await this.webApi(`roles?${query({ $filter: `name eq '${roleName}'` })}`))[0]?.['roleid'];
    const link = `systemusers(${user})/systemuserroles_association/$ref`;
    const reference = { '@odata.id': `${this.url}/api/data/v9.2/roles(${role})` };
    const linked = await this.webApi(link, { method: 'POST', body: reference });
    if (linked.status !== 204) throw new Error(`no role: ${linked.status} ${linked.text}`);
    return user;
  }

  /** The second gate: company, Human Resources user with a role, application link. */
  async addHrUser(clientId: string): Promise<void> {
    const user = {
      ...{ UserID: 'Rekrutt', UserName: 'Rekrutt', Alias: 'Rekrutt', Email: 'Rekrutt', NetworkDomain: 'Rekrutt' },
      ...{ Company: 'usmf', Enabled: true, UserInfo_language: 'en-us', Helplanguage: 'en-us' },
    };
    const role = { SecurityRoleIdentifier: 'HcmRecruitingIntegrator', SecurityRoleName: 'Recruiting application' };
    const rows = [
      ['LegalEntities', { LegalEntityId: 'usmf', Name: 'Kommunen' }],
      ['SystemUsers', user],
      ['SecurityUserRoleAssociations', { UserId: 'Rekrutt', ...role }],
      ['SysAADClients', { AADClientId: clientId, Name: 'Rekrutt ATS', UserId: 'Rekrutt' }],
    ] as const;
    for (const [set, body] of rows) {
      bodyOf(await callHumanResources(this.#server, this.environment, set, { method: 'POST', body }), 201);
    }
  }

  /** Runs the role file's script as a customer would; gives its exit code and output. */
  roleFile(...arguments_: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const names = join(root, 'examples', 'localhost-names.mjs');
    const script = join(root, 'examples', 'role-file.mjs');
    const env = {
      ...process.env,
      NODE_EXTRA_CA_CERTS: join(this.#server.dataFolder, 'tls', 'ca.pem'),
      API_URL: this.url,
      AUTHORITY_URL: this.tenant.authority,
      CLIENT_ID: this.tenant.administrator.id,
      CLIENT_SECRET: this.tenant.administrator.secret,
    };
    return new Promise((resolve) => {
      execFile(process.execPath, ['--import', names, script, ...arguments_], { env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  }
}
