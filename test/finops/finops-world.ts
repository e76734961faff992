import { createFinopsSurface } from '../../src/finops/surface.ts';
import { linkFirstAdministrator, writeBaseHrRows } from '../../src/hr/base-rows.ts';
import { HrSecurity } from '../../src/hr/hr-security.ts';
import { silentAudit } from '../../src/kernel/audit.ts';
import type { Surface } from '../../src/kernel/http.ts';
import { type ClientId, getGuid } from '../../src/kernel/ids.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import type { OpenStore, OpenStoreFor } from '../support/open-stores.ts';

const administrator = getGuid<ClientId>('aaaaaaaa-0000-0000-0000-000000000001');

/** `/data/` of a new environment as its administrator sees it. */
export class FinopsWorld {
  readonly opened: OpenStore;
  readonly security: HrSecurity;
  readonly #surface: Surface;

  private constructor(opened: OpenStore, security: HrSecurity, surface: Surface) {
    this.opened = opened;
    this.security = security;
    this.#surface = surface;
  }

  static async open(open: OpenStoreFor): Promise<FinopsWorld> {
    const model = builtInModel();
    const opened = await open(model);
    await opened.store.maintain(async (rows) => {
      await writeBaseHrRows(rows, model);
      await linkFirstAdministrator(rows, model, { clientId: administrator, name: 'Administrator' });
    });
    const security = await HrSecurity.load(model, opened.store);
    const surface = createFinopsSurface({
      environmentId: getGuid('bbbbbbbb-0000-0000-0000-000000000001'),
      publicUrl: 'https://localhost:8443',
      model,
      store: opened.store,
      hrSecurity: security,
      authenticate: () => ({
        clientId: administrator,
        tenantId: getGuid('cccccccc-0000-0000-0000-000000000001'),
        objectId: getGuid('cccccccc-0000-0000-0000-000000000002'),
        tokenId: 'a token',
      }),
      clock: () => new Date('2026-06-01T00:00:00Z'),
      log: silentLog,
      audit: silentAudit,
    });
    return new FinopsWorld(opened, security, surface);
  }

  /** Status, and the body as JSON or, where it is none, as text. */
  async send(method: string, path: string, body?: unknown) {
    const answer = await this.#surface({
      method,
      url: `/data${path}`,
      host: 'localhost:8443',
      headers: {},
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    });
    const text = answer.body.toString();
    const isJson = String(answer.headers['Content-Type']).startsWith('application/json');
    return { status: answer.status, body: text !== '' && isJson ? JSON.parse(text) : text };
  }

  /** Makes rows, one after the other. Throws with the answer when one is refused. */
  async make(set: string, ...rows: readonly object[]): Promise<void> {
    for (const row of rows) {
      const { status, body } = await this.send('POST', `/${set}`, row);
      if (status !== 201) throw new Error(`${set}: ${status} ${JSON.stringify(body)}`);
    }
  }

  async user(id: string): Promise<void> {
    await this.make('SystemUsers', { UserID: id, UserName: id, UserInfo_language: 'en-us', Helplanguage: 'en-us' });
  }
}

/** The message of a refused write, behind `Infolog:`. */
export const infologOf = ({ body }: { body: { error?: { innererror?: { message: string } } } }): string =>
  (body.error?.innererror?.message ?? '').replace(/^.*Infolog: /, '');
