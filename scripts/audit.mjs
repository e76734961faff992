// npm run audit: are there known vulnerabilities in what is installed with Portvakt? Ends with 0 when there are none, with 1
// when there are some, and with 2 when nobody could be asked, which is not the same as none.
import { spawnSync } from 'node:child_process';
import { root } from './lib.mjs';

const { stdout, stderr, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: root,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
const counts = parse(stdout)?.metadata;
if (typeof counts?.vulnerabilities?.total !== 'number') {
  const why = error?.message ?? parse(stdout)?.message ?? stderr.trim().split('\n')[0] ?? '';
  console.error(`audit: not done, and nothing is known: the registry did not answer (${why})`);
  console.error('audit: ask a registry that can: npm_config_registry=https://registry.npmjs.org npm run audit');
  process.exit(2);
}
const { total, ...bySeverity } = counts.vulnerabilities;
const kinds = Object.entries(bySeverity).filter(([, count]) => count > 0);
for (const { name, severity, range, fixAvailable } of Object.values(parse(stdout).vulnerabilities ?? {})) {
  console.error(`audit: ${severity}: ${name} ${range}${fixAvailable ? ', mended by a newer version' : ''}`);
}
console.log(
  `audit: ${total} known vulnerabilities in ${counts.dependencies?.prod ?? 0} packages${kinds.map(([kind, count]) => `, ${count} ${kind}`).join('')}`,
);
process.exit(total === 0 ? 0 : 1);

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
