/** How much `npm test` does of a suite, and how much `npm run prove` does. */
export const sizes = {
  /** Rounds of kill -9 under a stream of creates, for each database. */
  killRounds: { test: 2, prove: 20 },
  /** Clients that create at the same time. */
  killClients: { test: 8, prove: 16 },
  /** Milliseconds of creates before each kill, from and to. */
  killAfter: { test: [200, 600], prove: [200, 1500] },
  /** Second starts that are measured. */
  starts: { test: 1, prove: 7 },
} as const;
