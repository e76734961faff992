// npm test: everything that must hold. Last line, alone: `tests: N passed, N failed[, N skipped]`.
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, build, install, run } from './lib.mjs';

install();
build();

const checks = [
  ['format, lint and import order', [bin('@biomejs/biome', 'biome'), 'ci', '--error-on-warnings', '.']],
  ['types', [bin('typescript', 'tsc'), '-p', 'tsconfig.json', '--noEmit']],
  ['types of the web app', [bin('typescript', 'tsc'), '-p', 'admin-ui/tsconfig.json', '--noEmit']],
  ['dead code', [bin('knip', 'knip'), '--no-progress']],
];
let passed = 0;
let failed = 0;
let skipped = 0;
for (const [name, args] of checks) {
  const ok = run(process.execPath, args) === 0;
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name}`);
}

// Unit, architecture, integration and end-to-end tests; the report gives the figures of the last line.
const report = join(tmpdir(), `portvakt-tests-${process.pid}.json`);
const status = run(process.execPath, [
  bin('vitest', 'vitest'),
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]);
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  skipped += result.numPendingTests + result.numTodoTests;
  // A file that does not load or a failed set-up counts too, though no test of it ran.
  const broken = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  failed += broken.length;
  if (status !== 0 && result.numFailedTests + broken.length === 0) failed++;
} catch {
  failed++;
  console.error('the test run ended without a report; see above');
} finally {
  rmSync(report, { force: true });
}
console.log(`tests: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 && status === 0 ? 0 : 1);
