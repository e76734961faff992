/** What a browser without scripts knows of the consent page: a form, a cookie, and where it leads to. */
export interface ShownPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** Sends a request; the two kinds of test differ in how. */
export type SendPage = (
  url: string,
  options: { readonly method: 'GET' | 'POST'; readonly headers: Record<string, string>; readonly body?: string },
) => Promise<ShownPage>;

/** Opens the consent page and fills in its form, keeping the cookie. */
export class ConsentBrowser {
  readonly #send: SendPage;
  readonly #language: string;
  #cookie: string | undefined;

  constructor(send: SendPage, language = 'en') {
    this.#send = send;
    this.#language = language;
  }

  async open(url: string): Promise<ShownPage> {
    return this.#keep(await this.#send(url, { method: 'GET', headers: this.#headers() }));
  }

  /** Sends the form of `page`, which was opened at `url`, with these values filled in. */
  async submit(url: string, page: ShownPage, values: Readonly<Record<string, string>>): Promise<ShownPage> {
    const form = new URLSearchParams({ ...hiddenFieldsOf(page.text), ...values });
    const headers = { ...this.#headers(), 'content-type': 'application/x-www-form-urlencoded' };
    return this.#keep(await this.#send(url, { method: 'POST', headers, body: form.toString() }));
  }

  #headers(): Record<string, string> {
    return {
      'accept-language': this.#language,
      ...(this.#cookie === undefined ? {} : { cookie: this.#cookie }),
    };
  }

  #keep(page: ShownPage): ShownPage {
    const set = page.headers['set-cookie'];
    const first = Array.isArray(set) ? String(set[0]) : set;
    if (first !== undefined) this.#cookie = first.split(';', 1)[0];
    return page;
  }
}

function hiddenFieldsOf(html: string): Record<string, string> {
  const fields = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [unescapeHtml(name), unescapeHtml(value)]));
}

const unescapeHtml = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
