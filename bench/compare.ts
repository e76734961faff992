const rounds = 201;
const warmRounds = 20;

/** A name, and two ways to do the same whose times are compared. */
export type Comparison = readonly [name: string, one: () => Promise<unknown>, other: () => Promise<unknown>];

/** Prints the ratio of the processor times of `times` runs each, in alternation, so that what the machine does besides meets both. */
export async function compare(times: number, comparisons: readonly Comparison[]): Promise<void> {
  console.log(`| of ${rounds} rounds of ${times} | median ratio of times | middle half |\n| --- | ---: | ---: |`);
  for (const [name, one, other] of comparisons) {
    const ratios: number[] = [];
    for (let round = 0; round < rounds + warmRounds; round++) {
      const isFirst = round % 2 === 0;
      const first = await timeOf(times, isFirst ? one : other);
      const second = await timeOf(times, isFirst ? other : one);
      if (round >= warmRounds) ratios.push(isFirst ? first / second : second / first);
    }
    ratios.sort((left, right) => left - right);
    const at = (share: number): string => (ratios[Math.floor((ratios.length - 1) * share)] ?? Number.NaN).toFixed(3);
    console.log(`| ${name} | ${at(0.5)} | ${at(0.25)} to ${at(0.75)} |`);
  }
}

async function timeOf(times: number, pass: () => Promise<unknown>): Promise<number> {
  const start = processorTime();
  for (let at = 0; at < times; at++) await pass();
  return processorTime() - start;
}

/** Milliseconds of processor that this process has used: what others do meanwhile is no part of it. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
