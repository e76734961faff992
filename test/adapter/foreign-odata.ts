import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

const load = createRequire(import.meta.url);

/** An OData service that is not ours: `simple-odata-server` over NeDB, with text keys of its own. */
export interface ForeignService {
  readonly url: string;
  /** Puts a row into a set. Values as the service has them. */
  put(set: string, row: Readonly<Record<string, unknown>>): Promise<void>;
  close(): Promise<void>;
}

interface ODataServer {
  model(model: unknown): ODataServer;
  adapter(adapter: unknown): ODataServer;
  beforeInsert(
    hook: (
      set: string,
      row: Record<string, unknown>,
      request: unknown,
      done: (error?: Error & { code?: number }) => void,
    ) => void,
  ): ODataServer;
  handle(request: IncomingMessage, response: ServerResponse): void;
}

interface Store {
  insert(row: unknown, done: (error: Error | null) => void): void;
}

const text = { type: 'Edm.String' };
const types = {
  Skill: { _id: { ...text, key: true }, RecId: { type: 'Edm.Int64' }, Skill: text, Description: text, Note: text },
  RatingModel: { _id: { ...text, key: true }, RecId: { type: 'Edm.Int64' }, RatingModelId: text },
  RatingLevel: {
    ...{ _id: { ...text, key: true }, RecId: { type: 'Edm.Int64' }, RatingLevelId: text, RatingModelId: text },
    ...{ RatingModel: { type: 'Edm.Int64' }, Factor: { type: 'Edm.Int32' } },
  },
  JobCompensation: {
    _id: { ...text, key: true },
    RecId: { type: 'Edm.Int64' },
    JobId: text,
    ControlPay: { type: 'Edm.Decimal' },
  },
  Location: {
    _id: { ...text, key: true },
    RecId: { type: 'Edm.Int64' },
    LocationId: text,
    Description: text,
    DataAreaId: text,
  },
};

/** Starts one on a free port. It makes record ids by itself, and refuses a skill called Refused in its own words. */
export async function startForeignService(): Promise<ForeignService> {
  const makeServer = load('simple-odata-server') as (url: string) => ODataServer;
  const adapter = load('simple-odata-server-nedb') as (
    find: (set: string, done: (error: null, store: Store) => void) => void,
  ) => unknown;
  const Datastore = load('@seald-io/nedb') as new (options: { inMemoryOnly: boolean }) => Store;
  const stores = new Map<string, Store>();
  const storeOf = (set: string): Store => {
    const store = stores.get(set) ?? new Datastore({ inMemoryOnly: true });
    stores.set(set, store);
    return store;
  };
  let lastRecord = 1000;
  const holder: { odata?: ODataServer } = {};
  const http = createServer((request, response) => holder.odata?.handle(request, response));
  const url = await listen(http);
  const entityTypes = Object.fromEntries(Object.entries(types).map(([name, properties]) => [name, properties]));
  const entitySets = Object.fromEntries(
    Object.keys(types).map((name) => [`${name}s`, { entityType: `Foreign.${name}` }]),
  );
  holder.odata = makeServer(url)
    .model({ namespace: 'Foreign', entityTypes, entitySets })
    .adapter(adapter((set, done) => done(null, storeOf(set))))
    .beforeInsert((_set, row, _request, done) => {
      if (row['Skill'] === 'Refused')
        return done(Object.assign(new Error('This skill is not wanted here.'), { code: 400 }));
      row['RecId'] ??= ++lastRecord;
      return done();
    });
  return {
    url,
    put: (set, row) =>
      new Promise((resolve, reject) =>
        storeOf(set).insert(row, (error) => (error === null ? resolve() : reject(error))),
      ),
    close: () => close(http),
  };
}

/** Listens on a free port of this machine; gives the origin. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
