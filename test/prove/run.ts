/** `npm run prove [part]`: the suites at full size, figures printed. Ends with 1 when a part fails. */
import { openApp } from '../browser/support/app.ts';
import { measureInteractions } from '../browser/support/interactions.ts';
import { lookAtScreens } from '../browser/support/look-at-screens.ts';
import { screenPaths } from '../browser/support/screens.ts';
import { lookAtState } from '../browser/support/states.ts';
import { type Engine, engines, makeDatabase } from '../support/database.ts';
import { startMembers } from '../support/members.ts';
import { startPostgres } from '../support/postgres.ts';
import { killServers } from '../support/process.ts';
import { startEmptyServerOn, startServerOn } from '../support/server-on.ts';
import { proveMinimality } from './advise.ts';
import { compareCanI } from './can-i/run.ts';
import { runSelfTest, selfTestSettings } from './explain/run.ts';
import { World } from './explain/world.ts';
import { proveFaults } from './faults/prove.ts';
import { allFaults } from './faults/run.ts';
import { proveFlat } from './flat.ts';
import { figuresOf, fuzz } from './fuzz/run.ts';
import { compareOverHttp } from './gate-one/over-http.ts';
import { compareGateOne } from './gate-one/run.ts';
import { proveGateTwo } from './gate-two.ts';
import { rollKeysUnderLoad } from './keys.ts';
import { proveNeighbours } from './neighbours.ts';
import { openProved } from './process/open.ts';
import { walkProcess } from './process/walk.ts';
import { compareQueries } from './queries/run.ts';
import { findGrant, promisedMs, type Round, revokeRound } from './revoke.ts';
import { sizes } from './sizes.ts';
import { proveSoak } from './soak/prove.ts';
import { measureStarts } from './starts.ts';

/** Runs with the URL of a database of its own, or with `undefined` for the embedded one. Answers whether all was well. */
type Part = (databaseUrl: string | undefined) => Promise<boolean>;

const parts: Readonly<Record<string, Part>> = {
  faults: (databaseUrl) => proveFaults(databaseUrl, wantedRow),
  soak: (databaseUrl) => proveSoak(databaseUrl, minutes),
  start: proveStart,
  keys: proveKeys,
  queries: proveQueries,
  flat: proveFlat,
  fuzz: proveFuzz,
  process: proveProcess,
  'gate-two': proveGateTwo,
  decisions: proveDecisions,
  explain: proveExplain,
  advise: proveAdvise,
  'can-i': proveCanI,
  workers: proveWorkers,
  screens: proveScreens,
  neighbours: proveNeighbours,
  interactions: proveInteractions,
};

async function proveProcess(databaseUrl: string | undefined): Promise<boolean> {
  const { faults, ...figures } = await walkProcess(openProved(databaseUrl), sizes.processSteps.prove);
  console.log(
    Object.entries(figures)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
  console.log(`faults ${faults.length}`);
  for (const fault of faults.slice(0, 10)) console.log(fault);
  return faults.length === 0;
}

async function proveExplain(databaseUrl: string | undefined): Promise<boolean> {
  const server = await startServerOn(databaseUrl, selfTestSettings);
  try {
    const { cases, tables, conditions, exceptions } = await runSelfTest(
      await World.open(server),
      sizes.explainedTables.prove,
    );
    console.log(`${cases} cases of ${conditions} conditions and ${tables} tables: ${exceptions.length} exceptions`);
    for (const exception of exceptions.slice(0, 20)) console.log(exception);
    return exceptions.length === 0;
  } finally {
    await server.close();
  }
}

async function proveCanI(databaseUrl: string | undefined): Promise<boolean> {
  const server = await startEmptyServerOn(databaseUrl);
  try {
    const { requests, changes, outcomes, disagreements } = await compareCanI(server, sizes.canI.prove);
    const told = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).sort();
    console.log(`${requests} requests, ${changes} changes of rights between them: ${told.join(', ')}`);
    console.log(`${disagreements.length} disagreements`);
    for (const disagreement of disagreements.slice(0, 10)) console.log(disagreement);
    return disagreements.length === 0;
  } finally {
    await server.close();
  }
}

async function proveAdvise(databaseUrl: string | undefined): Promise<boolean> {
  const server = await startServerOn(databaseUrl);
  try {
    const { superfluous, ...found } = await proveMinimality(server, sizes.advisedPrivileges.prove);
    console.log(`security role: ${found.privileges} of ${found.heldBefore} privileges; passes: ${found.passes}`);
    console.log(`Human Resources: ${found.hrPrivileges} of ${found.hrHeldBefore} privileges`);
    console.log(
      `${found.takenAway} taken away one by one; the round trip passed without: ${superfluous.join() || 'none'}`,
    );
    return found.passes && superfluous.length === 0;
  } finally {
    await server.close();
  }
}

async function proveScreens(databaseUrl: string | undefined): Promise<boolean> {
  const app = await openApp(databaseUrl);
  let faults = 0;
  for (const look of sizes.looks.prove) {
    const found = await lookAtScreens(app, look);
    console.log(
      `${look.language} ${look.theme} ${look.width} px: ${screenPaths.length} screens, ${found.length} faults`,
    );
    for (const fault of found) console.log(fault);
    faults += found.length;
  }
  for (const name of sizes.screenStates.prove.names) {
    const missing = await lookAtState(app, name);
    console.log(`screens that are ${name}: ${missing.length} faults`);
    for (const each of missing) console.log(each);
    faults += missing.length;
  }
  await app.close();
  return faults === 0;
}

/** Printed, not judged: milliseconds depend on the machine. The worst is what browsers call interaction to next paint. */
async function proveInteractions(databaseUrl: string | undefined): Promise<boolean> {
  if (databaseUrl !== undefined) return true;
  const app = await openApp();
  const { rows, interactions } = await measureInteractions(app, sizes.interactionRows.prove);
  for (const { name, ms } of interactions) console.log(`${String(ms).padStart(5)} ms  ${name}`);
  const worst = Math.max(...interactions.map(({ ms }) => ms));
  console.log(`interaction to next paint on a list of ${rows} rows: ${worst} ms`);
  await app.close();
  return rows === sizes.interactionRows.prove;
}

/** In memory, the same whatever the database; then as requests. */
async function proveDecisions(databaseUrl: string | undefined): Promise<boolean> {
  const http = await compareOverHttp({ databaseUrl, ...sizes.gateOneHttp.prove });
  const told = [...http.outcomes].map(([outcome, count]) => `${outcome} ${count}`).sort();
  console.log(`${http.requests} requests in ${http.organisations} organisations: ${told.join(', ')}`);
  console.log(`${http.disagreements.length} disagreements`);
  for (const disagreement of http.disagreements.slice(0, 10)) console.log(disagreement);
  if (databaseUrl !== undefined) return http.disagreements.length === 0;
  const { decisions, organisations, outcomes, disagreements } = compareGateOne(sizes.gateOne.prove);
  const shares = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).sort();
  console.log(`${decisions} decisions in ${organisations} organisations: ${shares.join(', ')}`);
  console.log(`${disagreements.length} disagreements`);
  for (const disagreement of disagreements.slice(0, 10)) console.log(disagreement);
  return disagreements.length + http.disagreements.length === 0;
}

/** Several processes need PostgreSQL. */
async function proveWorkers(databaseUrl: string | undefined): Promise<boolean> {
  if (databaseUrl === undefined) return true;
  const servers = await startMembers(databaseUrl);
  try {
    const grant = await findGrant(servers);
    const rounds: Round[] = [];
    for (let at = 0; at < sizes.revokeRounds.prove; at++)
      rounds.push(await revokeRound(servers, grant, at % 2 ? 2 : 1));
    const slowest = Math.max(...rounds.map(({ refusedAfter }) => refusedAfter));
    const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0);
    const letIn = sum((round) => round.letIn);
    console.log(`${rounds.length} roles taken away under ${sum((round) => round.asked)} requests`);
    console.log(`the other process refused after ${Math.round(slowest)} ms at most; let in when it must not: ${letIn}`);
    return letIn === 0 && slowest < promisedMs;
  } finally {
    await servers.close();
  }
}

async function proveStart(databaseUrl: string | undefined): Promise<boolean> {
  const { first, later, idleMiB } = await measureStarts(sizes.starts.prove, databaseUrl);
  const sorted = [...later].sort((left, right) => left - right).map(Math.round);
  console.log(`first start with the demo ${Math.round(first)} ms`);
  console.log(
    `later starts, best ${sorted[0]} ms, middle ${sorted[Math.floor(sorted.length / 2)]} ms, worst ${sorted.at(-1)} ms`,
  );
  console.log(`idle memory ${idleMiB ?? 'unknown'} MiB`);
  return true;
}

async function proveKeys(databaseUrl: string | undefined): Promise<boolean> {
  const { failures, requests, tokens, verified, calls, signers } = await rollKeysUnderLoad({
    requests: sizes.keyRequests.prove,
    signers: sizes.keySigners.prove,
    clients: sizes.keyClients.prove,
    rotation: sizes.keyRotation.prove,
    databaseUrl,
  });
  console.log(`${requests} requests while ${signers} keys signed in turn: ${tokens} tokens, ${calls} calls`);
  console.log(`${verified} tokens verified by a key set that is loaded by age alone`);
  console.log(`failed ${failures.length}`);
  for (const failure of failures.slice(0, 10)) console.log(failure);
  return failures.length === 0 && verified === tokens;
}

async function proveQueries(databaseUrl: string | undefined): Promise<boolean> {
  const server = await startServerOn(databaseUrl);
  const queries = sizes.queries.prove[databaseUrl === undefined ? 'sqlite' : 'postgres'];
  const run = { queries, seed: sizes.querySeed.prove };
  const { asked, withRows, differences, leaks } = await compareQueries(server, run);
  await server.close();
  console.log(`${asked} queries, ${withRows} with rows, ${differences.length} differences, ${leaks.length} leaks`);
  for (const difference of [...differences, ...leaks].slice(0, 10)) console.log(difference);
  return differences.length === 0 && leaks.length === 0;
}

async function proveFuzz(databaseUrl: string | undefined): Promise<boolean> {
  const figures = await fuzz({ ...sizes.fuzzRequests.prove, databaseUrl });
  console.log(figuresOf(figures));
  if (figures.failure !== undefined) console.log(figures.failure);
  return figures.failure === undefined;
}

/** Names of the databases as they are shown, and of the settings that choose one. */
const databases = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const satisfies Record<Engine, string>;

/** A number is how many minutes the soak lasts. */
const isMinutes = (word: string): boolean => /^\d+(?:\.\d+)?$/.test(word);
const minutes = process.argv.slice(2).filter(isMinutes).map(Number)[0];
/** `row=` and a part of their names: these rows of the fault table alone. */
const rowMark = 'row=';
const wantedRow = process.argv.find((word) => word.startsWith(rowMark))?.slice(rowMark.length);
if (wantedRow !== undefined && !allFaults.some((fault) => fault.includes(wantedRow))) {
  console.error(`no row of the fault table has “${wantedRow}” in its name; there are: ${allFaults.join('; ')}`);
  process.exit(1);
}
const words = process.argv.slice(2).filter((word) => !(isMinutes(word) || word.startsWith(rowMark)));
const unknown = words.filter((word) => !Object.hasOwn(parts, word) && !Object.hasOwn(databases, word));
if (unknown.length > 0) {
  const names = [...Object.keys(parts), ...Object.keys(databases)].join(', ');
  console.error(`there is no part ${unknown.join(', ')}; there are ${names}`);
  process.exit(1);
}

/** Those that are named; all where none is. */
const chosen = <T extends string>(names: readonly T[]): readonly T[] => {
  const named = names.filter((name) => words.includes(name));
  return named.length > 0 ? named : names;
};

/** One that throws has failed; the others are run all the same. */
const runPart = async (name: string, databaseUrl: string | undefined): Promise<boolean> => {
  try {
    return (await parts[name]?.(databaseUrl)) ?? false;
  } catch (error) {
    console.log(error);
    killServers();
    return false;
  }
};

const minutesSince = (moment: number): string => {
  const seconds = Math.round((performance.now() - moment) / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

const postgres = await startPostgres();
let isWell = true;
for (const name of chosen(Object.keys(parts))) {
  for (const engine of chosen(engines)) {
    console.log(`\n## ${name}, ${databases[engine]}\n`);
    const database = engine === 'postgres' ? await makeDatabase(postgres.url) : undefined;
    const began = performance.now();
    isWell = (await runPart(name, database?.url)) && isWell;
    console.log(`took ${minutesSince(began)}`);
    await database?.drop();
  }
}
await postgres.stop();
process.exit(isWell ? 0 : 1);
