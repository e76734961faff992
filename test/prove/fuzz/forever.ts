/** `npm run fuzz`: rounds of random requests, each with a seed and an organisation of its own, until one fails. */
import { figuresOf, fuzz } from './run.ts';

/** Enough to write rows that later ones read, few enough to find a failure again in a minute. */
const runs = 2000;

const seconds = Number(process.env['FUZZ_SECONDS'] ?? Number.POSITIVE_INFINITY);
if (!(seconds > 0)) throw new Error(`FUZZ_SECONDS=${process.env['FUZZ_SECONDS']} is not a number above 0`);
const end = performance.now() + seconds * 1000;
let seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);
if (!Number.isSafeInteger(seed)) throw new Error(`FUZZ_SEED=${process.env['FUZZ_SEED']} is not a whole number`);

do {
  console.log(`seed ${seed}`);
  const figures = await fuzz({ seed, runs });
  console.log(figuresOf(figures));
  if (figures.failure !== undefined) {
    console.log(figures.failure);
    console.log(`again: FUZZ_SEED=${seed} npm run fuzz`);
    process.exit(1);
  }
  seed++;
} while (performance.now() < end);
