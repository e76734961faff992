import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { id, is, person, query, read, storeModel, values } from '../conformance/store-model.ts';
import { Cluster } from '../support/cluster.ts';

describe('settings of a replica', () => {
  const primary = { PORTVAKT_DATABASE_URL: 'postgres://u:hush@a/d' };
  test('are off where none is named', () => {
    expect(parseConfig(primary).database.replica).toBeUndefined();
    const url = 'postgres://u:hush@b/d';
    expect(parseConfig({ ...primary, PORTVAKT_DATABASE_READ_URL: url }).database.replica).toEqual({
      url,
      longestLagMs: 20,
    });
  });

  test.each([
    [{ PORTVAKT_DATABASE_READ_URL: 'postgres://u:hush@b/d' }, /PORTVAKT_DATABASE_URL must name the primary/],
    [{ ...primary, PORTVAKT_DATABASE_READ_URL: 'postgres://u:hush@b,c/d' }, /one host/],
    [{ ...primary, PORTVAKT_DATABASE_READ_URL: 'mysql://u:hush@b/d' }, /postgres:\/\/user/],
    [{ ...primary, PORTVAKT_DATABASE_READ_LAG: '5' }, /only with a replica: set PORTVAKT_DATABASE_READ_URL/],
    [
      { ...primary, PORTVAKT_DATABASE_READ_URL: 'postgres://b/d', PORTVAKT_DATABASE_READ_LAG: '5000' },
      /a whole number from 0 to 1000: milliseconds/,
    ],
  ])('%j: refused in one line', (settings, says) => {
    let message = '';
    try {
      parseConfig(settings);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(says);
    expect(message).not.toMatch(/hush|\n/);
  });
});

describe('a streaming standby that answers reads', { timeout: 60_000 }, () => {
  let primary: Cluster;
  let standby: Cluster;
  let rows: Database;

  beforeAll(async () => {
    primary = await Cluster.start();
    standby = await primary.follow();
  }, 60_000);
  afterAll(async () => {
    await primary.close();
    await standby.close();
  });

  let count = 0;
  const open = (longestLagMs: number, replica = standby.url, schema = `rows${++count}`) =>
    openDatabase({
      tables: storeModel.tables,
      alphabet: 'nb',
      location: { kind: 'postgres', url: primary.url, schema, replica: { url: replica, longestLagMs } },
    });
  beforeEach(async () => {
    rows = await open(1000);
  });
  afterEach(async () => {
    await rows.close();
  });

  const add = (to: Database, at: number) =>
    to.maintain((job) => job.insert(person, values(person, { pv_personid: id(at), pv_level: at })));
  const levelled = (from: Database, at: number) => from.query(read(query(person, { where: is('pv_level', 'eq', at) })));
  const outcomes = (of: Database) => of.load().replica;

  test('what was written is read at once, by whichever process', async () => {
    const other = await open(1000, standby.url, `rows${count}`);
    for (let at = 1; at <= 150; at++) {
      await add(rows, at);
      const pages = await Promise.all([levelled(rows, at), levelled(other, at)]);
      expect(pages.map((page) => page.rows.length)).toEqual([1, 1]);
    }
    // The standby did answer: one that is never used misses nothing either.
    expect(outcomes(rows)).toMatchObject({ served: 150, failed: 0 });
    expect(outcomes(other)).toMatchObject({ served: 150, failed: 0 });
    await other.close();
  });

  test('one that is behind answers nothing: the primary does, and the standby again when it has caught up', async () => {
    await add(rows, 1);
    await levelled(rows, 1);
    await rows.close();
    rows = await open(20, standby.url, `rows${count}`);
    await standby.run('select pg_wal_replay_pause()');
    await add(rows, 2);
    expect((await levelled(rows, 2)).rows).toHaveLength(1);
    expect(outcomes(rows)).toEqual({ served: 0, behind: 1, failed: 0, isUsed: false });
    const began = performance.now();
    expect((await levelled(rows, 2)).rows).toHaveLength(1);
    // It is left alone: nobody waits for it again at once.
    expect(outcomes(rows)).toMatchObject({ behind: 1 });
    await standby.run('select pg_wal_replay_resume()');
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1100 - (performance.now() - began))));
    expect((await levelled(rows, 2)).rows).toHaveLength(1);
    expect(outcomes(rows)).toMatchObject({ served: 1, isUsed: true });
  });

  test('rows by id and what the product reads for itself come from the primary', async () => {
    await add(rows, 1);
    await rows.query(read(query(person, { where: is('pv_personid', 'eq', id(1)) })));
    await rows.readAll(person);
    expect(outcomes(rows)).toMatchObject({ served: 0, behind: 0, failed: 0 });
  });

  test('a server of another history, and one that is no standby, is refused; one that is gone is not', async () => {
    const stranger = await Cluster.start();
    await expect(open(20, stranger.url)).rejects.toThrow(
      /READ_URL leads to another server, which is no standby of this one/,
    );
    await stranger.close();
    await expect(open(20, primary.url)).rejects.toThrow(/READ_URL leads to a server that is no standby/);
    const without = await open(20, 'postgres://portvakt:portvakt@127.0.0.1:1/postgres');
    await add(without, 1);
    expect((await levelled(without, 1)).rows).toHaveLength(1);
    expect(outcomes(without)).toEqual({ served: 0, behind: 0, failed: 1, isUsed: false });
    await without.close();
  });

  test('one that was promoted answers nothing more', async () => {
    await add(rows, 1);
    await levelled(rows, 1);
    expect(outcomes(rows)).toMatchObject({ served: 1 });
    await primary.run("alter system set synchronous_standby_names = ''");
    await primary.run('select pg_reload_conf()');
    await standby.promote();
    // What is committed on one of the two alone.
    await standby.run(`delete from rows${count}.pv_person`);
    await add(rows, 2);
    expect((await rows.query(read(query(person)))).rows).toHaveLength(2);
    expect(outcomes(rows)).toMatchObject({ served: 1, isUsed: false });
  });
});
