import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { deleteDatabase } from '../../src/storage/delete.ts';
import { databaseExists } from '../../src/storage/exists.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { addressesOf, describeAddresses } from '../../src/storage/sql/postgres/addresses.ts';
import { connect, executeOnce } from '../../src/storage/sql/postgres/binding.ts';
import { placeOf } from '../../src/storage/sql/postgres/failure.ts';
import { id, is, person, query, read, storeModel, values } from '../conformance/store-model.ts';
import { Cluster } from '../support/cluster.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

describe('a URL with several hosts', () => {
  test.each([
    ['postgres://u:p@h/d', ['postgres://u:p@h/d']],
    ['postgres://u:p@a,b/d', ['postgres://u:p@a/d', 'postgres://u:p@b/d']],
    ['postgresql://u:p@a:1,b:2/d?sslmode=require', 'postgresql://u:p@?/d?sslmode=require'],
    ['postgres://u@[::1]:1,[::2]:2/d', ['postgres://u@[::1]:1/d', 'postgres://u@[::2]:2/d']],
    ['postgres://a,b/d?target_session_attrs=read-write', ['postgres://a/d', 'postgres://b/d']],
    ['postgres://u@h/d?target_session_attrs=primary', ['postgres://u@h/d']],
    ['postgres:///d?host=/x,/y&port=1,2', ['postgres:///d?host=%2Fx&port=1', 'postgres:///d?host=%2Fy&port=2']],
    ['postgres:///d?host=/x,/y&port=1', ['postgres:///d?host=%2Fx&port=1', 'postgres:///d?host=%2Fy&port=1']],
  ])('%s', (url, expected) => {
    const urls = typeof expected === 'string' ? ['a:1', 'b:2'].map((host) => expected.replace('?', host)) : expected;
    expect(addressesOf(url)).toEqual({ urls, mustTakeWrites: url !== urls[0] });
    expect(parseConfig({ PORTVAKT_DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  test.each([
    ['postgres://u:hush@a,b/d?target_session_attrs=standby', /target_session_attrs must be read-write or primary/],
    ['postgres://u:hush@a,,b/d', /a host before and after each comma/],
    ['postgres://u:hush@a,:5433/d', /a host before and after each comma/],
    ['postgres://u:hush@a:1,b:x/d', /several of `host:port` separated by commas/],
    ['postgres://u:hush@h/d?host=a,b,c&port=1,2', /as many ports as hosts \(3\)/],
    ['mysql://u:hush@a,b/d', /postgres:\/\/user:password@host/],
  ])('%s: refused in one line, without the password', (url, says) => {
    let message = '';
    try {
      parseConfig({ PORTVAKT_DATABASE_URL: url });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(says);
    expect(message).not.toMatch(/hush|\n/);
  });

  test('is told with all hosts and without the password', () => {
    expect(describeAddresses('postgres://u:hush@a:1,b:2/d?sslmode=require')).toBe('a:1,b:2/d');
    expect(placeOf('postgres://u:hush@a:1,b:2/d', 's')).toBe('schema `s` of the PostgreSQL server a:1,b:2/d');
  });
});

describe('a primary and its standby', { timeout: 60_000 }, () => {
  let primary: Cluster;
  let standby: Cluster;
  let proxy: TcpProxy;
  /** Accepts connections and says nothing, as the proxy of a machine that is gone does. */
  let silent: Server;

  beforeAll(async () => {
    primary = await Cluster.start();
    standby = await primary.follow();
    proxy = await TcpProxy.start(primary.socket);
    silent = createServer((socket) => void socket.on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  }, 60_000);
  afterAll(async () => {
    silent.close();
    await proxy.close();
    await primary.close();
    await standby.close();
  });

  const urlOf = (...places: readonly (readonly [host: string, port: number])[]): string => {
    const [hosts, ports] = [places.map(([host]) => host), places.map(([, port]) => port)];
    return `postgres://portvakt:portvakt@/postgres?host=${hosts.join(',')}&port=${ports.join(',')}`;
  };
  const folderOf = (cluster: Cluster): [string, number] => [cluster.socket.replace(/\/[^/]*$/, ''), 5432];
  const placeOfSilence = (): [string, number] => {
    const address = silent.address();
    return ['127.0.0.1', typeof address === 'object' ? (address?.port ?? 0) : 0];
  };

  test('the host that takes writes is found, wherever it stands and whoever is silent', async () => {
    const [main, other, gone] = [folderOf(primary), folderOf(standby), placeOfSilence()];
    for (const url of [urlOf(main, other), urlOf(other, main), urlOf(gone, ['127.0.0.1', 1], other, main)]) {
      const began = performance.now();
      const { connection, close } = await connect({ url, statementTimeoutMs: 0 });
      expect(await executeOnce(connection, 'select pg_is_in_recovery()')).toEqual([[false]]);
      await close();
      expect(performance.now() - began).toBeLessThan(2500);
    }
  });

  test('where none takes writes, each is told with its reason', async () => {
    const url = `${urlOf(folderOf(standby), ['127.0.0.1', 1])}`;
    const location = { kind: 'postgres', url, schema: 'nowhere' } as const;
    const opening = openDatabase({ tables: storeModel.tables, alphabet: 'nb', location });
    await expect(opening).rejects.toThrow(
      /^schema `nowhere` of the PostgreSQL server [^@ ]*: none of its hosts takes writes \([^@ ]*: it takes no writes; 127\.0\.0\.1: .*ECONNREFUSED/,
    );
  });

  test('rows are read and written again by themselves when the standby has taken over', async () => {
    const url = urlOf(['127.0.0.1', proxy.port], folderOf(standby));
    const location = { kind: 'postgres', url, schema: 'rows' } as const;
    expect(await databaseExists(location)).toBe(false);
    const rows = await openDatabase({ tables: storeModel.tables, alphabet: 'nb', location });
    const add = (at: number) =>
      rows.maintain((job) => job.insert(person, values(person, { pv_personid: id(at), pv_level: at })));
    const byId = (at: number) => rows.query(read(query(person, { where: is('pv_personid', 'eq', id(at)) })));
    for (let at = 1; at <= 9; at++) await add(at);
    await byId(1);
    // The machine loses its power: nothing is refused, nothing comes.
    proxy.become('stall');
    await primary.kill();
    await standby.promote();
    const end = performance.now() + 25_000;
    const until = async (attempt: () => Promise<unknown>): Promise<void> => {
      for (;;) {
        const error = await attempt().then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error === undefined) return;
        if (performance.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await until(() => add(10));
    await until(() => byId(10));
    await until(() => rows.check());
    expect((await rows.query(read(query(person)))).rows).toHaveLength(10);
    await rows.close();
    await deleteDatabase(location);
    expect(await databaseExists(location)).toBe(false);
  });
});
