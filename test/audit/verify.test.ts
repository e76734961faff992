import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditLog } from '../../src/audit/audit-log.ts';
import type { AuditSeal, AuditStore, ChainedSegment } from '../../src/audit/audit-store.ts';
import { digestsOf, linkOf, sealHash, segmentHash } from '../../src/audit/chain.ts';
import { beginChain, closeOrphans } from '../../src/audit/common-chain.ts';
import type { RunHead } from '../../src/audit/run-chain.ts';
import type { Finding } from '../../src/audit/verify/finding.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { newGuid } from '../../src/kernel/ids.ts';
import { checkLog, entryOf } from './check-log.ts';
import { type AuditPlace, auditPlaces } from './open-audits.ts';
import { beginTampering, flipped, sealColumns, segmentColumns, type Tampering } from './tampering.ts';

describe.each(auditPlaces)('tampering with the audit log on $name', ({ name: engine, make }) => {
  let place: AuditPlace;
  let store: AuditStore;
  let tampering: Tampering;
  /** Entries 1-2, 3-5, 6, 7-8 of a run that was closed, and 1, 2-3 of one that was killed. */
  let closed: readonly ChainedSegment[];
  let killed: readonly ChainedSegment[];
  let seals: readonly AuditSeal[];

  const segmentsOf = async (log: AuditLog, sizes: readonly number[]): Promise<void> => {
    for (const size of sizes) await Promise.all(Array.from({ length: size }, () => log.write(entryOf())));
  };
  const findings = async (kept?: string, head?: RunHead): Promise<readonly Finding[]> =>
    (await checkLog(store, kept, head)).findings;

  beforeAll(async () => {
    place = await make();
    store = await place.open();
    await beginChain(store, systemClock);
    const log = new AuditLog({ store });
    await segmentsOf(log, [2, 3]);
    await log.seal();
    await segmentsOf(log, [1, 2]);
    const first = log.head?.run ?? '';
    await log.close();
    // A process that ends without a word.
    const other = await place.open();
    const lost = new AuditLog({ store: other });
    await segmentsOf(lost, [1, 2]);
    const second = lost.head?.run ?? '';
    await other.close();

    store = await place.open();
    expect((await closeOrphans(store, systemClock)).map(({ run: of, kind, last }) => [of, kind, last])).toEqual([
      [second, 'orphan', 3],
    ]);
    expect(await closeOrphans(store, systemClock)).toEqual([]);
    closed = await store.chain.readRun(first, 1, 10);
    killed = await store.chain.readRun(second, 1, 10);
    seals = await store.chain.readSeals({ limit: 100 });
    tampering = await beginTampering(place, engine);
  });
  afterAll(async () => {
    await store.close();
    await place.remove();
  });

  const run = (): string => closed[0]?.run ?? '';
  const at = (index: number, of = closed): ChainedSegment => {
    const segment = of[index];
    if (segment === undefined) throw new Error(`there is no segment ${index}`);
    return segment;
  };
  const spanOf = ({ run: of, first, count }: ChainedSegment) => ({ run: of, from: first, to: first + count - 1 });
  /** Tampers, looks, and puts everything back. */
  const tampered = async (sql: string, kept?: string, head?: RunHead): Promise<readonly Finding[]> => {
    await tampering.sql(sql);
    try {
      return await findings(kept, head);
    } finally {
      await tampering.reset();
    }
  };
  const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const set = (segment: ChainedSegment, changes: Readonly<Record<string, string | number>>): string => {
    const list = Object.entries(changes).map(
      ([column, value]) => `${column} = ${typeof value === 'number' ? value : quoted(value)}`,
    );
    return `update @portvakt_audit set ${list.join(', ')} where place = ${segment.place};`;
  };

  test('there is nothing to find before, in one step and in many', async () => {
    expect(closed.map(({ first, count }) => [first, count])).toEqual([
      [1, 2],
      [3, 3],
      [6, 1],
      [7, 2],
    ]);
    expect(seals.map(({ kind }) => kind)).toEqual(['begin', 'open', 'head', 'close', 'open', 'orphan']);
    const sums = { findings: [], seals: 6, segments: 6, entries: 11, unchained: 0, total: 6 };
    expect(await checkLog(store)).toMatchObject({ ...sums, steps: 1 });
    const inSteps = await checkLog(store, undefined, undefined, -1);
    expect(inSteps).toMatchObject(sums);
    expect(inSteps.steps).toBeGreaterThan(5);
    await tampering.reset();
    expect(await findings(seals.at(-1)?.hash)).toEqual([]);
  });

  const positions = [
    { position: 'first', index: 0 },
    { position: 'middle', index: 1 },
    { position: 'last', index: 3 },
  ];
  const flips = positions.flatMap((each) => segmentColumns.map((column) => ({ ...each, column })));

  test.each(flips)('`$column` of the $position segment: its entries are named', async ({ index, column }) => {
    const segment = at(index);
    const found = await tampered(
      `update @portvakt_audit set ${column} = ${flipped(column, engine)} where place = ${segment.place};`,
    );
    const { from, to } = spanOf(segment);
    const named = found.filter((each) => each.run === segment.run && each.from <= to && each.to >= from);
    expect(named).not.toEqual([]);
    if (column === 'lines') {
      // The last line is the one whose end was changed.
      expect(found).toMatchObject([{ kind: 'altered', run: segment.run, from: to, to, column: 'lines' }]);
      return;
    }
    // A run or a number that is another one leaves a hole where the entries were.
    const moves = column === 'run' || column === 'first';
    if (!moves || (column === 'first' && index === 3)) {
      expect(found).toMatchObject([{ kind: 'altered', run: segment.run, from, to, column }]);
    }
    if (column === 'run') expect(found.some(({ kind }) => kind === 'inserted')).toBe(true);
  });

  test.each([0, 1, 2, 3, 4])('byte %i of the middle entry of three', async (byte) => {
    const segment = at(1);
    const lines = segment.lines.split('\n');
    const middle = lines[1] ?? '';
    const where = Math.floor((middle.length / 5) * byte);
    lines[1] = middle.slice(0, where) + (middle[where] === 'x' ? 'y' : 'x') + middle.slice(where + 1);
    expect(await tampered(set(segment, { lines: lines.join('\n') }))).toMatchObject([
      { kind: 'altered', run: segment.run, from: 4, to: 4 },
    ]);
  });

  const lineCases: { name: string; change: (lines: string[]) => string[]; found: object[] }[] = [
    { name: 'a removed line', change: ([a, , c]) => [a ?? '', c ?? ''], found: [{ kind: 'removed', from: 4, to: 4 }] },
    {
      name: 'an inserted line',
      change: ([a, b, c]) => [a ?? '', '{"time":"2026-01-01T00:00:00.000Z"}', b ?? '', c ?? ''],
      found: [{ kind: 'inserted', from: 4, to: 4 }],
    },
    {
      name: 'two swapped lines',
      change: ([a, b, c]) => [a ?? '', c ?? '', b ?? ''],
      found: [
        { kind: 'reordered', from: 4, to: 4 },
        { kind: 'reordered', from: 5, to: 5 },
      ],
    },
  ];
  test.each(lineCases)('$name within a segment', async ({ change, found }) => {
    const segment = at(1);
    const lines = change(segment.lines.split('\n')).join('\n');
    expect(await tampered(set(segment, { lines }))).toMatchObject(found);
  });

  test.each([0, 1, 2])('segment %i was removed', async (index) => {
    const segment = at(index);
    expect(await tampered(`delete from @portvakt_audit where place = ${segment.place};`)).toMatchObject([
      { kind: 'removed', ...spanOf(segment) },
    ]);
  });

  test('two segments have changed places', async () => {
    const [one, other] = [at(1), at(2)];
    const swapped = `${set(one, { place: 999_999 })} ${set(other, { place: one.place })}
      update @portvakt_audit set place = ${other.place} where place = 999999;`;
    const found = await tampered(swapped);
    for (const each of [one, other]) {
      expect(found).toContainEqual(expect.objectContaining({ ...spanOf(each), kind: 'altered', column: 'place' }));
    }
  });

  test('two segments have swapped what they say', async () => {
    const [one, other] = [at(0), at(3)];
    const content = ({ count, since, until, lowestId, highestId, lines, digests }: ChainedSegment) => ({
      ...{ count, since, until, lines, digests: digests ?? '' },
      ...{ lowest_id: lowestId, highest_id: highestId },
    });
    const found = await tampered(`${set(one, content(other))} ${set(other, content(one))}`);
    for (const each of [one, other]) expect(found).toContainEqual(expect.objectContaining(spanOf(each)));
  });

  test.each([
    { of: 'closed', from: 7, to: 8 },
    { of: 'closed', from: 3, to: 8 },
    { of: 'closed', from: 1, to: 8 },
    { of: 'killed', from: 2, to: 3 },
  ])('the end of the $of run was cut off from entry $from on', async ({ of, from, to }) => {
    const { run: cut } = of === 'closed' ? at(0) : at(0, killed);
    const found = await tampered(`delete from @portvakt_audit where run = '${cut}' and first >= ${from};`);
    expect(found).toMatchObject([{ kind: 'cut', run: cut, from, to }]);
  });

  test('the end of a run that this process writes, and its seals', async () => {
    const last = at(1, killed);
    const own = { run: last.run, last: 3, link: linkOf(last.place, last.hash ?? '') };
    const seal = seals.at(-1) ?? { number: 0, hash: '' };
    const head = { ...own, seal };
    expect(await findings(undefined, head)).toEqual([]);
    const segments = await tampered(
      `delete from @portvakt_audit where place = ${last.place}; delete from @portvakt_audit_seal where kind = 'orphan';`,
      undefined,
      { ...head, seal: seals[4] ?? seal },
    );
    expect(segments).toMatchObject([{ kind: 'cut', run: last.run, from: 2, to: 3 }]);
    const ofSeals = await tampered(`delete from @portvakt_audit_seal where number = ${seal.number};`, undefined, head);
    expect(ofSeals).toMatchObject([{ kind: 'cut', from: seal.number, to: seal.number }]);
  });

  /** A segment with an honest hash over other content. */
  const forged = (segment: ChainedSegment, changes: Partial<ChainedSegment>): ChainedSegment => {
    const lines = changes.lines ?? segment.lines;
    const made = {
      ...segment,
      ...changes,
      prev: changes.prev ?? segment.prev ?? '',
      digests: digestsOf(lines.split('\n')),
    };
    return { ...made, hash: segmentHash(made) };
  };
  const keep = (segment: ChainedSegment): string => {
    const { lines, digests = '', prev = '', hash = '' } = segment;
    return set(segment, { lines, digests, prev, hash });
  };
  const lie = (segment: ChainedSegment): string => segment.lines.replaceAll('"change"', '"nothing"');

  test('a segment was written anew with a hash that fits', async () => {
    const segment = at(1);
    const found = await tampered(keep(forged(segment, { lines: lie(segment) })));
    expect(found).toMatchObject([{ kind: 'rewritten', ...spanOf(segment) }]);
  });

  test('a run was written anew from a segment to its end: its seal knows better', async () => {
    let sql = '';
    let prev: string | undefined;
    for (const segment of closed.slice(2)) {
      const made = forged(segment, { lines: lie(segment), ...(prev === undefined ? {} : { prev }) });
      prev = linkOf(made.place, made.hash ?? '');
      sql += keep(made);
    }
    expect(await tampered(sql)).toMatchObject([{ kind: 'rewritten', ...spanOf(at(3)) }]);
  });

  /** All that somebody with the whole store could do: other entries, and every hash anew. */
  const forgeAll = (): string => {
    const links = new Map<string, string>();
    let prev = '';
    let sql = '';
    for (const seal of seals) {
      const made = { ...seal, prev, link: links.get(`${seal.run} ${seal.last}`) ?? '' };
      prev = sealHash(made);
      sql += `update @portvakt_audit_seal set prev = '${made.prev}', link = '${made.link}', hash = '${prev}'
        where number = ${seal.number};`;
      if (seal.kind !== 'open') continue;
      let link = linkOf(0, prev);
      for (const segment of seal.run === run() ? closed : killed) {
        const forgery = forged(segment, { lines: lie(segment), prev: link });
        sql += keep(forgery);
        link = linkOf(forgery.place, forgery.hash ?? '');
        links.set(`${seal.run} ${segment.first + segment.count - 1}`, link);
      }
    }
    return sql;
  };

  test('everything was written anew: only a seal that was kept elsewhere tells', async () => {
    const kept = seals[2]?.hash;
    expect(await tampered(forgeAll())).toEqual([]);
    expect((await tampered(forgeAll(), kept)).map(({ text }) => text)).toEqual([
      expect.stringContaining(`no seal has the hash ${kept}`),
    ]);
  });

  const insertCopy = (columns: string, from: number): string =>
    `insert into @portvakt_audit (run, first, count, since, until, lowest_id, highest_id, lines, prev, digests, hash)
      select ${columns} from @portvakt_audit where place = ${from};`;

  test('an inserted run', async () => {
    const stranger = newGuid();
    const sql = insertCopy(
      `'${stranger}', 1, count, since, until, lowest_id, highest_id, lines, prev, digests, hash`,
      at(0).place,
    );
    expect(await tampered(sql)).toMatchObject([{ kind: 'inserted', run: stranger, from: 1, to: 2 }]);
    const bare = insertCopy(
      `'${stranger}', 1, count, since, until, lowest_id, highest_id, lines, null, null, null`,
      at(0).place,
    );
    expect(await tampered(bare)).toMatchObject([{ kind: 'inserted', run: stranger, from: 1, to: 2 }]);
  });

  test('a segment after the end of a closed run, chained as it should be', async () => {
    const last = at(3);
    const {
      hash = '',
      digests = '',
      prev = '',
    } = forged(last, { first: 9, prev: linkOf(last.place, last.hash ?? '') });
    const sql = insertCopy(
      `run, 9, count, since, until, lowest_id, highest_id, lines, '${prev}', '${digests}', '${hash}'`,
      last.place,
    );
    const found = await tampered(sql);
    expect(found).toContainEqual(expect.objectContaining({ kind: 'inserted', run: run(), from: 9, to: 10 }));
  });

  test('a segment without its hash is not taken for one of before the chain', async () => {
    const segment = at(2);
    const sql = `update @portvakt_audit set prev = null, digests = null, hash = null where place = ${segment.place};`;
    expect(await tampered(sql)).toMatchObject([{ kind: 'altered', ...spanOf(segment) }]);
  });

  test.each(['delete from', 'update'])('%s the list of ids', async (verb) => {
    const { place: where } = at(2);
    const rest = verb === 'update' ? `set id = 'x${newGuid()}'` : '';
    const found = await tampered(`${verb} @portvakt_audit_id ${rest} where place = ${where};`);
    expect(found).toMatchObject([{ kind: 'removed', ...spanOf(at(2)), column: 'id' }]);
  });

  const sealFlips = [2, 3, 4, 6].flatMap((number) => sealColumns.map((column) => ({ number, column })));
  test.each(sealFlips)('`$column` of seal $number', async ({ number, column }) => {
    const found = await tampered(
      `update @portvakt_audit_seal set ${column} = ${flipped(column, engine)} where number = ${number};`,
    );
    const seal = found.filter((each) => each.run === undefined);
    expect(seal.some(({ from, to }) => from <= number && to >= number) || (column === 'number' && number === 6)).toBe(
      true,
    );
    expect(found).not.toEqual([]);
  });

  test.each([1, 3, 4, 5])('seal %i was removed', async (number) => {
    const found = await tampered(`delete from @portvakt_audit_seal where number = ${number};`);
    expect(found).toContainEqual(expect.objectContaining({ kind: 'removed', from: number, to: number }));
  });

  test('no seal is left', async () => {
    const found = await tampered('delete from @portvakt_audit_seal;');
    expect(found[0]).toMatchObject({ kind: 'removed', from: 1 });
    expect(found.filter(({ kind }) => kind === 'inserted').map((each) => each.run)).toEqual(
      [run(), at(0, killed).run].sort(),
    );
  });

  test('two seals have changed places', async () => {
    const found = await tampered(`update @portvakt_audit_seal set number = 999 where number = 3;
      update @portvakt_audit_seal set number = 3 where number = 4; update @portvakt_audit_seal set number = 4 where number = 999;`);
    expect(found.filter((each) => each.run === undefined).map(({ from }) => from)).toEqual(
      expect.arrayContaining([3, 4]),
    );
  });
});
