import { expect, test } from 'vitest';
import { startTestServer } from '/work/main/test/support/server.ts';
test.each(['sqlite','postgres'] as const)('%s', async (engine) => { const t=performance.now(); const s = await startTestServer(engine); console.log(engine, performance.now()-t); await s.close(); expect(1).toBe(1); }, 60000);
