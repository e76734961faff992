// How much a browser fetches until the first screen of the web app can be used; fails above what is allowed.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fail, root } from './lib.mjs';

const mostKilobytes = 250;
const folder = join(root, 'dist', 'admin-ui');
const manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8'));

/** The page's own script, the larger language, and the screens that one can land on after signing in. */
const languages = ['src/i18n/en.ts', 'src/i18n/nb.ts'];
const firstScreen = 'src/screens/home/home.tsx';

/** A chunk with all that it imports, as their files. */
function filesOf(name, found = new Set()) {
  const chunk = manifest[name];
  if (chunk === undefined) fail(`the build of the web app has no chunk ${name}: change scripts/measure-ui.mjs with it`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) filesOf(imported, found);
  return found;
}

const compressed = (file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;
const sizeOf = (files) => [...files].reduce((total, file) => total + compressed(file), 0);

const total = Math.max(
  ...languages.map((language) => sizeOf(filesOf(firstScreen, filesOf(language, filesOf('index.html'))))),
);
const kilobytes = Math.round(total / 100) / 10;
console.error(
  `web app: ${kilobytes} kB of scripts, compressed, until the first screen; ${mostKilobytes} kB are allowed`,
);
// Nothing that a browser needs.
rmSync(join(folder, '.vite'), { recursive: true });
if (kilobytes >= mostKilobytes) fail('the first screen needs too much: load what it can do without when it is needed');
