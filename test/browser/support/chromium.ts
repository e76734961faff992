import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const execute = promisify(execFile);
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const howToGetIt =
  'the browser tests need Chromium: install it (Debian: `apt-get install chromium`), or name one in PORTVAKT_TEST_CHROMIUM';

/**
 * Chromium of the operating system. On Debian its package is installed when there is none and we may.
 * @param publicKey SHA-256 of the public key that it trusts, whoever signed its certificate
 */
export async function openChromium(publicKey: string): Promise<Browser> {
  const found = (await findChromium()) ?? (await installChromium());
  // Inside a container, and as root, Chromium has no sandbox of its own to offer.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    executablePath: found,
    args: [...args, '--disable-dev-shm-usage', `--ignore-certificate-errors-spki-list=${publicKey}`],
  });
}

async function findChromium(): Promise<string | undefined> {
  const named = process.env['PORTVAKT_TEST_CHROMIUM'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ];
  for (const path of candidates) if (await isThere(path)) return path;
  return undefined;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function installChromium(): Promise<string> {
  if (process.getuid?.() !== 0 || !(await isThere('/usr/bin/apt-get'))) throw new Error(howToGetIt);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 1 << 26 };
  await execute('apt-get', ['update', '-qq'], options);
  await execute('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
  const found = await findChromium();
  if (found === undefined) throw new Error(howToGetIt);
  return found;
}
