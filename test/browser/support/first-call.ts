import { join } from 'node:path';
import { PartnerProcess } from '../../support/partner-process.ts';
import type { EmptyServer } from '../../support/server.ts';

/** A process of its own with msal-node and dynamics-web-api, both as they come from npm, which tries one and the same call. */
export class FirstCall {
  readonly #partner: PartnerProcess;
  readonly #server: EmptyServer;

  constructor(server: EmptyServer) {
    this.#server = server;
    this.#partner = new PartnerProcess(join(server.dataFolder, 'tls', 'ca.pem'));
  }

  /** How many candidates are there: a number, or the message with which token or call is refused. */
  async attempt(clientId: string, clientSecret: string): Promise<number | string> {
    const { url, tenantId } = this.#server;
    const customer = { url, authority: `${url}/${tenantId}` };
    try {
      const token = await this.#partner.ask('acquire', { clientId, credential: { clientSecret }, customer });
      return Number(await this.#partner.ask('count', { customer, token }));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  stop(): void {
    this.#partner.stop();
  }
}
