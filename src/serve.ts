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
    const { host, port, trustedProxies } = config;
    return await listen({ host, port, trustedProxies, tls, surface, log });
  } catch (error) {
    const code = systemCode(error);
    throw new StartError(`cannot listen on ${config.host}:${config.port}: ${bindFailures[code] ?? code}`);
  }
}

/** The system's word for why an address cannot be bound, and what to do. */
const bindFailures: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses it: stop that one, or set PORTVAKT_PORT',
  EACCES: 'this user may not use it (EACCES): set PORTVAKT_PORT to one above 1023',
  EADDRNOTAVAIL: 'it is no address of this machine (EADDRNOTAVAIL): set PORTVAKT_HOST',
  ENOTFOUND: 'its name is unknown (ENOTFOUND): set PORTVAKT_HOST',
  EAI_AGAIN: 'its name is unknown (EAI_AGAIN): set PORTVAKT_HOST',
};

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
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new StartError(`PORTVAKT_TLS_KEY=${keyFile} cannot be used: it is not the key of PORTVAKT_TLS_CERT`);
  }
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
