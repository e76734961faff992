import { NotAllowed } from './config-files.ts';

/** An address of this machine to listen on. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** @throws NotAllowed */
export function readListenAddress(value: string): ListenAddress {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(value) ?? [];
  const [host, port] = [bracketed ?? plain, Number(digits)];
  if (host !== undefined && port <= 65_535) return { host, port };
  throw new NotAllowed('an address and a port, such as 127.0.0.1:9464 or [::1]:9464');
}

/** URL of a collector of traces. @throws NotAllowed */
export function readTracesUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.pathname !== '/') return value;
  throw new NotAllowed(
    'the URL of a collector of OTLP over HTTP with its path, such as http://127.0.0.1:4318/v1/traces',
  );
}

/** A share from 0 to 1. @throws NotAllowed */
export function readShare(value: string): number {
  const share = /^\d(?:\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN;
  if (share >= 0 && share <= 1) return share;
  throw new NotAllowed('a share from 0 to 1, such as 0.05');
}
