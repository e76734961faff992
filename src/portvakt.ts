#!/usr/bin/env -S node --max-semi-space-size=32
/**
 * The command `portvakt`. Without a command, or with flags of the server only, it serves: `portvakt --port 9443` is
 * `portvakt start --port 9443`. Either half is loaded only when it is needed, since a start should take a second.
 */
const words = process.argv.slice(2);
const [first] = words;
const isHelp = words.some((word) => ['--help', '-h', '--version', '-V'].includes(word));

if (first === undefined || ((first === 'start' || first.startsWith('--')) && !isHelp)) {
  if (first === 'start') process.argv.splice(2, 1);
  await import('./main.ts');
} else {
  // Whoever reads the output may have seen enough, such as `head`.
  process.stdout.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1));
  const { runCli } = await import('./cli/run-cli.ts');
  const { programVersion } = await import('./program-version.ts');
  process.exitCode = await runCli(words, programVersion());
}
