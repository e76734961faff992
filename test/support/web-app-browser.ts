import type { Answer, Ask } from './client.ts';
import { bodyOf } from './odata.ts';
import type { RecordingLog } from './recording-log.ts';
import type { TestServer } from './server.ts';

/** One browser at the web app: it keeps the cookie, and sends what browsers send by themselves. */
export class Browser {
  readonly #server: Pick<TestServer, 'ask' | 'url'>;
  cookie: string | undefined;
  csrfToken: string | undefined;

  constructor(server: Pick<TestServer, 'ask' | 'url'>) {
    this.#server = server;
  }

  get origin(): string {
    return this.#server.url;
  }

  /** Another browser at the same server: nobody is signed in. */
  another(): Browser {
    return new Browser(this.#server);
  }

  /** A request of the page's own scripts. Headers that are empty are left out. */
  async ask(path: string, options: Ask = {}): Promise<Answer> {
    const own: Record<string, string> = {
      origin: this.#server.url,
      'sec-fetch-site': 'same-origin',
      ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
      ...(this.csrfToken === undefined ? {} : { 'x-portvakt-csrf': this.csrfToken }),
      ...options.headers,
    };
    const headers = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''));
    const answer = await this.#server.ask(path, { ...options, headers });
    const [set] = (answer.headers['set-cookie'] as unknown as string[] | undefined) ?? [];
    if (set !== undefined) this.cookie = set.includes('Max-Age=0') ? undefined : set.split(';')[0];
    return answer;
  }

  async #begin(path: string, body: object): Promise<Answer> {
    const answer = await this.ask(path, { method: 'POST', body });
    if (answer.status === 200) this.csrfToken = String(bodyOf(answer)['csrfToken']);
    return answer;
  }

  signIn(name: string, password: string): Promise<Answer> {
    return this.#begin('/portvakt/v1/session', { name, password });
  }

  setUp(link: string, name: string | undefined, password: string): Promise<Answer> {
    const token = link.split('#token=')[1];
    return this.#begin('/portvakt/v1/session/setup', { token, ...(name === undefined ? {} : { name }), password });
  }
}

/** Makes an operator, and sets the password by the link. @returns the operator's browser, signed in, and id */
export async function inviteOperator(
  admin: Browser,
  name: string,
  role: string,
  password: string,
): Promise<{ readonly id: string; readonly browser: Browser }> {
  const made = await admin.ask('/portvakt/v1/operators', { method: 'POST', body: { name, role } });
  const { id, invitation } = bodyOf(made, 201) as unknown as { id: string; invitation: { link: string } };
  const browser = admin.another();
  bodyOf(await browser.setUp(invitation.link, undefined, password));
  return { id, browser };
}

/** The one-time link that the server has written to its log. */
export function lastLink({ lines }: RecordingLog): string {
  const line = lines.findLast(({ fields }) => 'link' in fields);
  if (line === undefined) throw new Error('no link was written to the log');
  return String(line.fields['link']);
}
