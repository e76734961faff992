import { type Body, type DemoOperation, type DemoStage, SavedRows } from './operation.ts';
import type { SeedClient } from './seed-client.ts';

/** Enough to keep a server busy, and few enough to leave its queues short. */
export const seedConcurrency = 32;

/**
 * Runs the stages one after the other. The first refusal ends it: nothing new is started, what is under way is waited
 * for, and the refusal is thrown.
 * @param onStage called before each stage
 */
export async function runStages(
  client: SeedClient,
  stages: readonly DemoStage[],
  onStage: (stage: DemoStage) => void,
): Promise<SavedRows> {
  const saved = new SavedRows();
  for (const stage of stages) {
    onStage(stage);
    await runAll(stage.operations, stage.inOrder === true ? 1 : seedConcurrency, (operation) =>
      runOperation(client, operation, saved),
    );
  }
  return saved;
}

async function runAll<T>(items: readonly T[], concurrency: number, run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const refusals: unknown[] = [];
  const work = async (): Promise<void> => {
    for (const item of queue) {
      if (refusals.length > 0) return;
      await run(item).catch((refusal: unknown) => refusals.push(refusal));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  if (refusals.length > 0) throw refusals[0];
}

async function runOperation(client: SeedClient, operation: DemoOperation, saved: SavedRows): Promise<void> {
  const { surface, method, saveAs } = operation;
  const path = typeof operation.path === 'string' ? operation.path : operation.path(saved);
  const body: Body = typeof operation.body === 'function' ? operation.body(saved) : operation.body;
  if (surface === 'data') {
    const answer = await client.data(method, path, body);
    if (saveAs !== undefined) saved.save(saveAs, answer);
    return;
  }
  const answer = await client.webapi(method, path, body, { representation: saveAs !== undefined });
  if (saveAs !== undefined) saved.save(saveAs, answer.body);
}
