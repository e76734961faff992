// node scripts/complete-lock.mjs: after `npm install` against a registry mirror that lacks the packages of other platforms.
// npm then leaves them out of the lock file, and `npm ci` refuses the lock file everywhere. This puts them back, by name and
// version; no platform but their own ever fetches them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib.mjs';

const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'];

/** What a platform package is for, read from its name, such as `@biomejs/cli-linux-x64-musl`. */
function platformOf(name) {
  const parts = name.split('/').at(-1).split('-');
  const os = systems.find((system) => parts.includes(system));
  const cpu = processors.find((processor) => parts.includes(processor));
  if (os === undefined || cpu === undefined) throw new Error(`${name} does not say its platform`);
  const libc = parts.some((part) => part.startsWith('musl')) ? 'musl' : 'glibc';
  return { cpu: [cpu], ...(os === 'linux' ? { libc: [libc] } : {}), os: [os] };
}

let added = 0;
for (const parent of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    if (lock.packages[place] !== undefined) continue;
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name} is wanted as ${version}, which is no exact version`);
    const dev = parent.dev === true ? { dev: true } : {};
    lock.packages[place] = { version, ...platformOf(name), ...dev, optional: true };
    added++;
  }
}
const [first, ...others] = Object.keys(lock.packages);
lock.packages = Object.fromEntries([first, ...others.sort()].map((place) => [place, lock.packages[place]]));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`added ${added} packages of other platforms`);
