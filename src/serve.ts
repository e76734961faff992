import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Config } from './config.ts';
import type { DataFolder } from './data-folder.ts';
import { type Listener, type ListenerLoad, type ListenOptions, listen } from './http/listener.ts';
import type { Clock } from './kernel/clock.ts';
import type { Surface } from './kernel/http.ts';
import type { Log } from './kernel/log.ts';
import { messageOf } from './kernel/message-of.ts';
import type { Probe } from './kernel/probe.ts';
import { routeClassOf } from './routes.ts';
import { StartError, systemCode } from './start-error.ts';
import { ensureDevelopmentCertificates } from './tls/development-ca.ts';

/** A listener whose certificate can be made to hold more hosts. */
export interface Door extends Listener {
  /** Answers when connections to these hosts find a certificate that holds them; warns where it is not ours to make. */
  cover(hosts: readonly string[]): Promise<void>;
}

/** A door that is opened when its time has come. */
export class Doorway {
  readonly #open: () => Promise<Door>;
  #door: Promise<Door> | undefined;
  #opened: Door | undefined;

  constructor(open: () => Promise<Door>) {
    this.#open = open;
  }

  /** The port that is bound; opening it again changes nothing. */
  async open(): Promise<number> {
    this.#door ??= this.#open();
    this.#opened = await this.#door;
    return this.#opened.port;
  }

  /** `undefined` until it is open. */
  load(): ListenerLoad | undefined {
    return this.#opened?.load();
  }

  /** As of a `Door`; one that is opened later begins with all hosts. */
  async cover(hosts: readonly string[]): Promise<void> {
    await (await this.#door)?.cover(hosts);
  }

  async close(): Promise<void> {
    const door = await this.#door?.catch(() => undefined);
    await door?.close();
  }
}

export interface DoorOptions {
  readonly surface: Surface;
  /** What the certificate must hold from the start. */
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Told of every request that was answered. */
  readonly probe: Pick<Probe, 'http'>;
}

/** Binds the configured address with the configured certificate. @throws StartError when either cannot be had */
export async function openDoor(config: Config, folder: DataFolder, options: DoorOptions): Promise<Door> {
  const { surface, log, clock, probe } = options;
  const hosts = options.hosts.map(bareAddress);
  const tls = config.tls.enabled ? await loadCertificate(config, folder, hosts, clock) : undefined;
  const listener = await bind(config, { tls, surface, log, probe });
  const cover = async (wanted: readonly string[]): Promise<void> => {
    if (!config.tls.enabled) return;
    if (config.tls.certFile === undefined) {
      listener.useCertificate(await ensureDevelopmentCertificates(folder.tls, wanted.map(bareAddress), clock));
    } else if (tls !== undefined) warnOfMissing(tls.cert, wanted.map(bareAddress), log);
  };
  if (config.tls.certFile !== undefined) await cover(hosts);
  const { certFile, keyFile } = config.tls;
  const stopFollowing =
    tls === undefined || certFile === undefined || keyFile === undefined
      ? () => undefined
      : followCertificate({ certFile, keyFile, first: tls, log, use: (pair) => listener.useCertificate(pair) });
  return {
    ...listener,
    cover,
    close() {
      stopFollowing();
      return listener.close();
    },
  };
}

async function bind(config: Config, own: Pick<ListenOptions, 'tls' | 'surface' | 'log' | 'probe'>): Promise<Listener> {
  try {
    const { host, port, trustedProxies } = config;
    return await listen({ host, port, trustedProxies, routeOf: routeClassOf, ...own });
  } catch (error) {
    const code = systemCode(error);
    throw new StartError(`cannot listen on ${config.host}:${config.port}: ${bindFailures[code] ?? code}`);
  }
}

/** The system's word for why an address cannot be bound, and what to do. */
const bindFailures: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses it: stop that one, or choose another port by --port or PORTVAKT_PORT',
  EACCES: 'this user may not use it (EACCES): set PORTVAKT_PORT to one above 1023',
  EADDRNOTAVAIL: 'it is no address of this machine (EADDRNOTAVAIL): set PORTVAKT_HOST',
  ENOTFOUND: 'its name is unknown (ENOTFOUND): set PORTVAKT_HOST',
  EAI_AGAIN: 'its name is unknown (EAI_AGAIN): set PORTVAKT_HOST',
};

/** URLs write IPv6 addresses in brackets, certificates do not. */
const bareAddress = (host: string): string => host.replace(/^\[|\]$/g, '');

/** The administrator's own certificate is theirs to renew: clients of an uncovered host will refuse the connection. */
function warnOfMissing(cert: string, hosts: readonly string[], log: Log): void {
  const certificate = new X509Certificate(cert);
  for (const host of hosts) {
    const name = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
    if (name === undefined) {
      log.warn('PORTVAKT_TLS_CERT does not cover the host of an environment', { host });
    }
  }
}

async function loadCertificate(config: Config, folder: DataFolder, hosts: readonly string[], clock: Clock) {
  const { certFile, keyFile } = config.tls;
  if (certFile === undefined || keyFile === undefined) {
    return ensureDevelopmentCertificates(folder.tls, hosts, clock);
  }
  return readPair(certFile, keyFile);
}

/** Milliseconds between looks at the administrator's certificate. Names of files are watched badly, above all in containers. */
const certificateInterval = 10_000;

/** Where the administrator's certificate is, and who is to hear of another one. */
interface FollowedCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** In use. */
  readonly first: Pair;
  readonly log: Log;
  /** Milliseconds instead of `certificateInterval`. */
  readonly interval?: number;
  use(pair: Pair): void;
}

interface Pair {
  readonly cert: string;
  readonly key: string;
}

/**
 * A renewed certificate is used for connections that come from then on, without a restart. One that cannot be used, or whose
 * key is not there yet, changes nothing. Ends by the function that it gives.
 */
export function followCertificate({ certFile, keyFile, first, log, interval, use }: FollowedCertificate): () => void {
  let used = first;
  let told = '';
  const look = async (): Promise<void> => {
    try {
      const pair = await readPair(certFile, keyFile);
      if (pair.cert === used.cert && pair.key === used.key) return;
      use(pair);
      used = pair;
      told = '';
      log.info('a renewed certificate is used', { until: new X509Certificate(pair.cert).validTo });
    } catch (error) {
      const message = messageOf(error);
      if (message !== told) log.error('the certificate cannot be read again; the one before stays', { error: message });
      told = message;
    }
  };
  const timer = setInterval(() => void look(), interval ?? certificateInterval).unref();
  return () => clearInterval(timer);
}

async function readPair(certFile: string, keyFile: string): Promise<Pair> {
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
