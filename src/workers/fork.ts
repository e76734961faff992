import cluster from 'node:cluster';
import { memberVariable, type PrimaryMessage, parseWorkerMessage, stopMessage } from './member.ts';
import type { StartWorker } from './worker-slot.ts';

/** Starts this program once more; all that are started share the port. */
export const forkWorker: StartWorker = (member) => {
  const worker = cluster.fork({ [memberVariable]: JSON.stringify(member) });
  const send = (message: PrimaryMessage): void => {
    if (worker.isConnected()) worker.send(message);
  };
  return {
    pid: worker.process.pid,
    onMessage: (listener) => worker.on('message', (message: unknown) => listener(parseWorkerMessage(message))),
    onExit: (listener) => worker.once('exit', (code, signal) => listener(signal ?? `code ${code}`)),
    send,
    stop: () => send(stopMessage),
    kill: () => worker.process.kill('SIGKILL'),
  };
};
