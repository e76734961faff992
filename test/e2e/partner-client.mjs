// A partner's application as a process of its own, with two unmodified client libraries. Takes one command in JSON on each
// line of standard input and answers it with a line on standard output.
import { createInterface } from 'node:readline';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { DynamicsWebApi } from 'dynamics-web-api';

const candidates = 'mshr_hcmcandidatetohireentities';

/** A new client each time, so that no token comes out of a cache. */
async function acquire({ clientId, credential, customer }) {
  const app = new ConfidentialClientApplication({
    auth: {
      clientId,
      authority: customer.authority,
      knownAuthorities: [new URL(customer.authority).host],
      ...credential,
    },
  });
  const { accessToken } = await app.acquireTokenByClientCredential({ scopes: [`${customer.url}/.default`] });
  return accessToken;
}

const connect = (url, token) =>
  new DynamicsWebApi({ serverUrl: url, dataApi: { version: '9.2' }, onTokenRefresh: async () => token });

/** Sends a candidate and gives the last names of all candidates that are there. */
async function hire({ customer, token, lastName }) {
  const api = connect(customer.url, token);
  const data = { mshr_firstname: 'Kari', mshr_lastname: lastName, mshr_dataareaid: 'usmf' };
  await api.create({ collection: candidates, data });
  const { value } = await api.retrieveMultiple({ collection: candidates, select: ['mshr_lastname'] });
  return value.map((row) => row.mshr_lastname);
}

const count = ({ customer, token }) => connect(customer.url, token).count({ collection: candidates });

/** Asks for a token and calls, again and again, with each credential at each customer. */
class Loop {
  #running = true;
  #credentials;
  #customers;
  #done = { calls: 0, failures: [] };
  #ended;

  constructor({ clientId, credentials, customers }) {
    this.#credentials = credentials;
    this.#customers = customers;
    this.#ended = this.#run(clientId);
  }

  use(credentials) {
    this.#credentials = credentials;
    // What had begun with the old ones ends before anybody takes them away.
    return this.#turn;
  }

  stop() {
    this.#running = false;
    return this.#ended;
  }

  #turn = Promise.resolve();

  async #run(clientId) {
    while (this.#running) {
      this.#turn = this.#callAll(clientId);
      await this.#turn;
    }
    return this.#done;
  }

  async #callAll(clientId) {
    const pairs = this.#customers.flatMap((customer) =>
      this.#credentials.map((credential) => ({ customer, credential })),
    );
    await Promise.all(
      pairs.map(async ({ customer, credential }) => {
        this.#done.calls++;
        try {
          await count({ customer, token: await acquire({ clientId, credential, customer }) });
        } catch (error) {
          this.#done.failures.push(String(error.message));
        }
      }),
    );
  }
}

let loop;
const commands = {
  acquire,
  hire,
  count,
  begin: async (options) => {
    loop = new Loop(options);
  },
  use: ({ credentials }) => loop.use(credentials),
  end: () => loop.stop(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, command, ...options } = JSON.parse(line);
  commands[command](options).then(
    (result) => console.log(JSON.stringify({ id, result: result ?? null })),
    ({ message }) => console.log(JSON.stringify({ id, error: { message } })),
  );
}
