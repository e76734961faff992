import { rmSync } from 'node:fs';
import type { DemoEnv } from '../src/demo/demo-env.ts';
import { measure, type Shot } from './load.ts';
import {
  candidateId,
  createOrganisation,
  demoEnvOf,
  grow,
  type Organisation,
  publicUrl,
  startPortvakt,
} from './organisation.ts';
import { type Running, stopProcess } from './processes.ts';
import { record } from './record.ts';

/** `BENCH_SIZES=10000,100000` makes it shorter. */
const growthSizes = (process.env['BENCH_SIZES'] ?? '10000,100000,1000000').split(',').map(Number);
const deepPage = Math.min(1000, Math.floor(Math.max(...growthSizes) / 50));

/** A kind of query, asked at each size. `isIndexed`: its cost should not follow the number of rows. */
interface GrowingQuery {
  readonly name: string;
  readonly isIndexed: boolean;
  readonly path: string;
}

const set = '/api/data/v9.2/mshr_hcmcandidatetohireentities';
const few = '$select=mshr_candidateid,mshr_lastname';
const encoded = (text: string): string => encodeURI(text).replaceAll('+', '%2B');

/** One for each way in which rows are found. `last` is the number of rows. */
const growingQueries = (last: number): readonly GrowingQuery[] => [
  { name: 'point read', isIndexed: true, path: `${set}(${candidateId(last - 7)})?${few}` },
  {
    name: 'by readable id',
    isIndexed: true,
    path: encoded(`${set}?${few}&$filter=mshr_candidateid eq 'B${String(last - 7).padStart(8, '0')}'`),
  },
  {
    name: 'beginning of a readable id, ten rows',
    isIndexed: true,
    path: encoded(`${set}?${few}&$filter=startswith(mshr_candidateid,'B0000123')`),
  },
  {
    // Finding them is flat, putting them in the order of their ids is not: one in a hundred rows is found.
    name: 'beginning of a name, one row in a hundred, sorted by id',
    isIndexed: false,
    path: encoded(`${set}?${few}&$filter=startswith(mshr_lastname,'Hansen 1')`),
  },
  { name: 'page of 50 in order of an index', isIndexed: true, path: encoded(`${set}?${few}&$orderby=mshr_lastname`) },
  {
    name: 'page of 50, coarse filter and order',
    isIndexed: true,
    path: encoded(`${set}?${few}&$filter=mshr_applicantintegrationresult eq 200000000&$orderby=mshr_lastname`),
  },
  {
    name: 'page of 50 with two expands',
    isIndexed: true,
    path: encoded(
      `${set}?${few}&$orderby=mshr_lastname&$expand=mshr_FK_Person_id($select=mshr_name),mshr_FK_RecruitingRequest_id($select=mshr_description)`,
    ),
  },
  { name: 'count to 5,000', isIndexed: true, path: `${set}/$count` },
  {
    name: 'a text within a column, found once',
    isIndexed: false,
    path: encoded(`${set}?${few}&$filter=contains(mshr_candidateid,'${String(last - 7).padStart(8, '0')}')`),
  },
  {
    name: 'groups of 20,000 rows',
    isIndexed: false,
    path: encoded(
      `${set}?$apply=filter(startswith(mshr_lastname,'Hansen 1'))/groupby((mshr_lastname),aggregate($count as n))`,
    ),
  },
];

interface Growth {
  readonly name: string;
  readonly isIndexed: boolean;
  /** Milliseconds of one request by itself, for each size. */
  readonly milliseconds: number[];
}

/** Adds the rows' sizes one after the other, and asks each query at each size, one request at a time. */
async function measureGrowth(
  organisation: Organisation,
  enlarge: (from: number, to: number) => Promise<void>,
  headersOf: (server: Running) => Promise<Record<string, string>>,
): Promise<readonly Growth[]> {
  const growths = new Map<string, Growth>();
  let rows = 0;
  for (const size of growthSizes) {
    await enlarge(rows, size);
    rows = size;
    const server = await startPortvakt(organisation);
    const headers = { ...(await headersOf(server)), prefer: 'odata.maxpagesize=50' };
    for (const { name, isIndexed, path } of growingQueries(size)) {
      const growth = growths.get(name) ?? { name, isIndexed, milliseconds: [] };
      growth.milliseconds.push(await oneByOne(server, { method: 'GET', headers, path }));
      growths.set(name, growth);
    }
    await stopProcess(server);
  }
  return [...growths.values()];
}

/** Milliseconds after which a request is measured once. */
const slow = 500;

/** Milliseconds of a request of a client that sends one after the other. */
async function oneByOne(server: Running, shot: Shot): Promise<number> {
  const began = performance.now();
  await record(server.origin, shot);
  const once = performance.now() - began;
  if (once > slow) return once;
  await measure(server, server.origin, shot, 1, 1);
  const { perSecond, errors } = await measure(server, server.origin, shot, 2, 1);
  if (errors > 0) throw new Error(`${shot.path}: ${errors} errors`);
  return 1000 / perSecond;
}

interface DeepPage {
  readonly page: number;
  readonly milliseconds: number;
}

/** Page 1 and page 1,000 of the same walk, 50 rows each. */
async function measureDeepPages(
  server: Running,
  headers: Record<string, string>,
  page: number,
): Promise<readonly DeepPage[]> {
  const paged = { ...headers, prefer: 'odata.maxpagesize=50' };
  const first = encoded(`${set}?${few}&$orderby=mshr_lastname`);
  let path = first;
  for (let at = 1; at < page; at++) {
    const answer = await record(server.origin, { method: 'GET', headers: paged, path });
    const next = (JSON.parse(answer.body) as Record<string, unknown>)['@odata.nextLink'];
    if (typeof next !== 'string') throw new RangeError(`there is no page ${at + 1}`);
    const url = new URL(next);
    path = url.pathname + url.search;
  }
  return [
    { page: 1, milliseconds: await oneByOne(server, { method: 'GET', headers: paged, path: first }) },
    { page, milliseconds: await oneByOne(server, { method: 'GET', headers: paged, path }) },
  ];
}

/** Cost against rows, and the depth of a page, on one database. */
export async function benchGrowth(
  name: string,
  databaseUrl: string | undefined,
  requestToken: (origin: string, env: DemoEnv) => Promise<string>,
): Promise<void> {
  const organisation = await createOrganisation(databaseUrl, 0);
  const headersOf = async (server: Running): Promise<Record<string, string>> => ({
    host: new URL(publicUrl).host,
    authorization: `Bearer ${await requestToken(server.origin, demoEnvOf(organisation))}`,
  });
  const enlarge = (from: number, to: number): Promise<void> => grow(organisation, from, to);
  const growths = await measureGrowth(organisation, enlarge, headersOf);
  console.log(`\n## ${name}: milliseconds of one request by itself, against rows\n`);
  console.log(`| query | index | ${growthSizes.map((size) => size.toLocaleString('en')).join(' | ')} |`);
  console.log(`| --- | --- | ${growthSizes.map(() => '---:').join(' | ')} |`);
  for (const { name: query, isIndexed, milliseconds } of growths) {
    const cells = milliseconds.map((each) => each.toFixed(2)).join(' | ');
    console.log(`| ${query} | ${isIndexed ? 'yes' : 'no'} | ${cells} |`);
  }
  const server = await startPortvakt(organisation);
  const [first, deep] = await measureDeepPages(server, await headersOf(server), deepPage);
  console.log(
    `\npage 1: ${first?.milliseconds.toFixed(2)} ms, page ${deep?.page}: ${deep?.milliseconds.toFixed(2)} ms`,
  );
  await stopProcess(server);
  rmSync(organisation.dataFolder, { recursive: true });
}
