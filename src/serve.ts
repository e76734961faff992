import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Config } from './config.ts';
import type { DataFolder } from './data-folder.ts';
import { type Listener, listen } from './http/listener.ts';
import type { Clock } from './kernel/clock.ts';
import type { Surface } from './kernel/http.ts';
import type { Log } from './kernel/log.ts';
import { StartError, systemCode } from './start-error.ts';
import { ensureDevelopmentCertificates } from './tls/development-ca.ts';

/** Binds the configured address with the configured certificate. @throws StartError when either cannot be had */
export async function openListener(
  config: Config,
  folder: DataFolder,
  surface: Surface,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<Listener> {
  const tls = config.tls.enabled ? await loadCertificate(config, folder, clock) : undefined;
  try {
    return await listen({ host: config.host, port: config.port, tls, surface, log });
  } catch (error) {
    const code = systemCode(error);
    const advice = code === 'EADDRINUSE' ? 'another program uses it: stop that one, or set PORTVAKT_PORT' : code;
    throw new StartError(`cannot listen on ${config.host}:${config.port}: ${advice}`);
  }
}

async function loadCertificate(config: Config, folder: DataFolder, clock: Clock) {
  const { certFile, keyFile } = config.tls;
  if (certFile === undefined || keyFile === undefined) {
    const hosts = config.publicUrl === undefined ? [] : [new URL(config.publicUrl).hostname];
    return ensureDevelopmentCertificates(folder.tls, hosts, clock);
  }
  const [cert, key] = await Promise.all([
    readPem('PORTVAKT_TLS_CERT', certFile, (pem) => new X509Certificate(pem)),
    readPem('PORTVAKT_TLS_KEY', keyFile, createPrivateKey),
  ]);
  return { cert, key };
}

async function readPem(setting: string, file: string, check: (pem: string) => unknown): Promise<string> {
  try {
    const pem = await readFile(file, 'utf8');
    check(pem);
    return pem;
  } catch (error) {
    throw new StartError(`${setting}=${file} cannot be used: ${systemCode(error)}`);
  }
}
