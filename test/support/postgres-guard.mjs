// Runs a PostgreSQL server for as long as its parent lives: when standard input closes, however the parent ended, the
// server is stopped and its folder removed. Arguments: JSON { folder, command, arguments, uid, gid }.
import { spawn } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { folder, command, arguments: serverArguments, uid, gid } = JSON.parse(process.argv[2]);
writeFileSync(join(folder, 'guard.pid'), String(process.pid));

let stopping = false;
const log = (chunk) => {
  try {
    appendFileSync(join(folder, 'server.log'), chunk);
  } catch {
    // The folder is being removed: nobody is left to read the log.
  }
};
const server = spawn(command, serverArguments, { uid, gid, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
server.stdout.on('data', log);
server.stderr.on('data', log);
server.on('error', (error) => {
  log(`${error.message}\n`);
  process.exit(1);
});
server.on('exit', () => {
  if (stopping) rmSync(folder, { recursive: true, force: true });
  process.exit(stopping ? 0 : 1);
});

function stop() {
  if (stopping) return;
  stopping = true;
  server.kill('SIGINT'); // fast shutdown: open connections are ended
  setTimeout(() => server.kill('SIGQUIT'), 3000);
  setTimeout(() => server.kill('SIGKILL'), 6000);
}
process.stdin.on('end', stop).on('error', stop).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
