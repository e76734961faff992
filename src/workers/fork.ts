import cluster from 'node:cluster';
import { memberVariable, parseWorkerMessage, stopMessage } from './member.ts';
import type { StartWorker } from './worker-slot.ts';

/** Starts this program once more; all that are started share the port. */
export const forkWorker: StartWorker = (member) => {
  const worker = cluster.fork({ [memberVariable]: JSON.stringify(member) });
  return {
    pid: worker.process.pid,
    onMessage: (listener) => worker.on('message', (message: unknown) => listener(parseWorkerMessage(message))),
    onExit: (listener) => worker.once('exit', (code, signal) => listener(signal ?? `code ${code}`)),
    stop: () => {
      if (worker.isConnected()) worker.send(stopMessage);
    },
    kill: () => worker.process.kill('SIGKILL'),
  };
};
