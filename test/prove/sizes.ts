import type { Look } from '../browser/support/app.ts';
import type { StateName } from '../browser/support/states.ts';

const everyLook: readonly Look[] = (['en', 'nb'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    ([390, 1440] as const).map((width): Look => ({ language, theme, width })),
  ),
);
const everyState: readonly StateName[] = ['waiting', 'broken', 'refused', 'empty'];
const oneLook: readonly Look[] = [{ language: 'nb', theme: 'dark', width: 390 }];

/** How much `npm test` does of a suite, and how much `npm run prove` does. */
export const sizes = {
  /** Seconds of the soak and of measuring the capacity before it, clients of that, and the share of it that is asked for. */
  soak: {
    test: { seconds: 6, calibrate: 1.5, clients: 8, share: 0.7 },
    prove: { seconds: 1800, calibrate: 20, clients: 16, share: 0.7 },
  },
  /** Random steps of the recruiting process, on each database, and the number that they begin with. */
  processSteps: { test: { steps: 120, seed: 61 }, prove: { steps: 10_000, seed: 62 } },
  /** Faults under a stream of creates: rounds, clients, milliseconds; candidates before a fault and again after it. */
  faults: {
    test: {
      kill: { rounds: 2, clients: 8, killAfter: [200, 600] },
      hostile: { limits: 'on', alone: 1, beside: 3, perSecond: 20 },
      database: { rounds: 1, clients: 8, creates: 40, lasts: 300 },
      machine: { rounds: 1, clients: 8, creates: 30, lasts: 300 },
      leader: { rounds: 1, deliveries: 6 },
      pruning: { rounds: 1, entries: 60, killWithin: 12 },
      longest: 3,
    },
    prove: {
      kill: { rounds: 20, clients: 16, killAfter: [200, 1500] },
      hostile: { limits: 'on', alone: 10, beside: 30, perSecond: 6 },
      database: { rounds: 5, clients: 16, creates: 300, lasts: 2000 },
      machine: { rounds: 5, clients: 16, creates: 300, lasts: 2000 },
      leader: { rounds: 3, deliveries: 20 },
      pruning: { rounds: 8, entries: 1500, killWithin: 100 },
      longest: 20,
    },
  },
  /** Requests at least while signing keys roll, and keys that sign in turn. */
  keyRequests: { test: 300, prove: 4000 },
  keySigners: { test: 3, prove: 12 },
  keyClients: { test: 4, prove: 6 },
  /** Seconds that each key signs. */
  keyRotation: { test: 3, prove: 5 },
  /** Requests of a good client, connections of a noisy neighbour. */
  neighbours: { prove: { requests: 300, connections: 200 } },
  /** Random queries, for each database, and the number that they begin with. */
  queries: { test: 400, prove: { sqlite: 20_000, postgres: 5000 } },
  querySeed: { test: 4, prove: 20_241 },
  /** Random requests to the Web API in process, and over HTTPS with their bytes damaged. */
  fuzzRequests: { test: { seed: 7, runs: 1500 }, prove: { seed: 20_263, runs: 50_000 } },
  fuzzWire: { test: 200 },
  /** Second starts that are measured. */
  starts: { test: 1, prove: 7 },
  /** Random joins, and as many groups, that are compared with the oracle on each database. */
  flatQueries: { test: { runs: 150, seed: 20_261 }, prove: { runs: 20_000, seed: 20_262 } },
  /** Random decisions of gate two, for each database, compared with the oracle. */
  gateTwo: { test: { decisions: 600, seed: 20_264 }, prove: { decisions: 50_000, seed: 20_265 } },
  /** Random decisions of gate one, compared with the evaluator. */
  gateOne: { test: { decisions: 5000, seed: 20_266 }, prove: { decisions: 50_000, seed: 20_267 } },
  /** The same as requests over HTTPS, for each database. */
  gateOneHttp: { test: { requests: 400, seed: 20_268 }, prove: { requests: 2000, seed: 20_269 } },
  /** Tables of the source document that each condition is broken for, and explained and mended. */
  explainedTables: { test: 2, prove: 40 },
  /** Random requests that are asked about before they are made, on each database. */
  canI: { test: { requests: 200, seed: 20_270 }, prove: { requests: 10_000, seed: 20_271 } },
  /** Privileges of the advised roles, of each gate, that the round trip is tried without. */
  advisedPrivileges: { test: 2, prove: 1000 },
  /** Times that a role is taken away on one of two processes while both are asked. */
  revokeRounds: { test: 2, prove: 40 },
  /** Languages, themes and widths that every screen of the web app is looked at in. */
  looks: { test: oneLook, prove: everyLook },
  /** What the surfaces answer while screens are opened, and every which of the screens that is. */
  screenStates: { test: { names: ['refused', 'empty'], share: 6 }, prove: { names: everyState, share: 1 } },
  /** Rows of the list that people's deeds are measured on. */
  interactionRows: { test: 150, prove: 10_000 },
} as const;
