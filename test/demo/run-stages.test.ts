import { describe, expect, test } from 'vitest';
import { create, type DemoStage } from '../../src/demo/operation.ts';
import { runStages, seedConcurrency } from '../../src/demo/run-stages.ts';
import type { Answer, SeedClient } from '../../src/demo/seed-client.ts';

/** Answers each create after a turn of the event loop; counts how many were under way at once. */
class SlowService implements SeedClient {
  readonly seen: string[] = [];
  running = 0;
  most = 0;
  refused: string | undefined;

  async graph(): Promise<unknown> {
    throw new Error('not called');
  }

  async data(): Promise<unknown> {
    return { Name: 'Nordlys' };
  }

  async webapi(method: string, path: string, body?: unknown, options?: { representation?: boolean }): Promise<Answer> {
    this.running++;
    this.most = Math.max(this.most, this.running);
    this.seen.push(path);
    await new Promise((resolve) => setTimeout(resolve, 2));
    this.running--;
    if (path === this.refused) throw new Error(`${method} ${path} was refused`);
    return {
      body: options?.representation === true ? { ...Object(body), number: '7' } : undefined,
      entityId: undefined,
    };
  }
}

const stage = (name: string, count: number, inOrder = false): DemoStage => ({
  name,
  inOrder,
  operations: Array.from({ length: count }, (_, index) => create(`${name}-${index}`, { a: 1 })),
});

describe('runStages', () => {
  test('operations of a stage run at the same time, up to a limit', async () => {
    const service = new SlowService();
    await runStages(service, [stage('one', 100)], () => {});
    expect(service.most).toBe(seedConcurrency);
    expect(service.seen).toHaveLength(100);
  });

  test('a stage in order runs one operation after the other', async () => {
    const service = new SlowService();
    await runStages(service, [stage('one', 5, true)], () => {});
    expect(service.most).toBe(1);
    expect(service.seen).toEqual(['one-0', 'one-1', 'one-2', 'one-3', 'one-4']);
  });

  test('a stage begins when the one before has ended', async () => {
    const service = new SlowService();
    const runningAtStart: number[] = [];
    await runStages(service, [stage('one', 50), stage('two', 3)], () => runningAtStart.push(service.running));
    expect(runningAtStart).toEqual([0, 0]);
  });

  test('rows that were saved are there for later paths and bodies', async () => {
    const service = new SlowService();
    const later: DemoStage = {
      name: 'later',
      operations: [
        {
          surface: 'webapi',
          method: 'PATCH',
          path: (saved) => `rows(${saved.text('row', 'number')})`,
          body: (saved) => ({ name: saved.text('company', 'Name') }),
        },
      ],
    };
    const first: DemoStage = {
      name: 'first',
      operations: [
        create('rows', { a: 1 }, 'row'),
        { surface: 'data', method: 'POST', path: 'LegalEntities', body: {}, saveAs: 'company' },
      ],
    };
    const saved = await runStages(service, [first, later], () => {});
    expect(service.seen).toEqual(['rows', 'rows(7)']);
    expect(() => saved.text('row', 'a')).toThrow('the row saved as row has no text in a');
    expect(() => saved.text('nobody', 'a')).toThrow('the row saved as nobody has no text in a');
  });

  test('a refusal ends it: what is under way is waited for and nothing new begins', async () => {
    const service = new SlowService();
    service.refused = 'one-3';
    await expect(runStages(service, [stage('one', 200), stage('two', 1)], () => {})).rejects.toThrow(
      'POST one-3 was refused',
    );
    expect(service.running).toBe(0);
    expect(service.seen.length).toBeLessThan(100);
    expect(service.seen).not.toContain('two-0');
  });
});
