import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { faultText } from '../kernel/fault-text.ts';
import { type HttpRequest, type HttpResponse, idHeaders, type Surface } from '../kernel/http.ts';
import { inTime } from '../kernel/in-time.ts';
import type { Log } from '../kernel/log.ts';
import { type Probe, silentProbe } from '../kernel/probe.ts';
import { Unavailable } from '../kernel/unavailable.ts';
import { Answers } from './answers.ts';
import { type ClientAddress, clientAddressBehind } from './client-address.ts';
import { faultOfHead } from './head-fault.ts';
import { httpLimits } from './http-limits.ts';
import { BodyBudget, IncomingBody, noBody, type Unread } from './incoming-body.ts';
import { OpenRequests } from './open-requests.ts';
import { PipelinedRequests } from './pipelined-requests.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** PEM texts; `undefined` serves plain HTTP (behind a proxy that ends TLS, and in benchmarks). */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly surface: Surface;
  readonly log: Log;
  /** Instead of `httpLimits.bodies`. */
  readonly bodyBudget?: number;
  /** Instead of `httpLimits.requests`. */
  readonly mostRequests?: number;
  /** Instead of `httpLimits.connections`. */
  readonly mostConnections?: number;
  /** Milliseconds instead of `httpLimits.slowHead`, `slowRequest` and `slowReader`. */
  readonly patience?: number;
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed; default none. */
  readonly trustedProxies?: readonly string[];
  /** Told of every request that was answered. */
  readonly probe?: Pick<Probe, 'http'>;
  /** What the log calls the route of a URL, which itself may hold anything; default `any`. */
  readonly routeOf?: (url: string) => string;
}

/** What a listener has to do at the moment. */
export interface ListenerLoad {
  /** Requests that are being answered. */
  readonly requests: number;
  readonly connections: number;
  /** Bytes of bodies that are being received or worked on. */
  readonly bodyBytes: number;
  /** Connections that were closed since the start because too many were open. */
  readonly dropped: number;
}

export interface Listener {
  readonly port: number;
  load(): ListenerLoad;
  /** Another certificate, for connections that come from now on. Without TLS there is nothing to change. */
  useCertificate(certificate: { readonly cert: string; readonly key: string }): void;
  /** Stops accepting, lets requests in flight finish, closes idle connections. */
  close(): Promise<void>;
}

/** Serves a surface over HTTP/1.1. Rejects with the system's error when the address cannot be bound. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const headersTimeout = options.patience ?? httpLimits.slowHead;
  const settings = {
    maxHeaderSize: httpLimits.head,
    keepAliveTimeout: httpLimits.keepAlive,
    headersTimeout,
    requestTimeout: options.patience ?? httpLimits.slowRequest,
    // Node.js looks for slow clients only this often; every 30 seconds, unless told.
    connectionsCheckingInterval: Math.min(5000, headersTimeout),
  };
  const open = new OpenConnections();
  const budget = new BodyBudget(options.bodyBudget ?? httpLimits.bodies);
  const probe = options.probe ?? silentProbe;
  const answers = new Answers(options.log, options.patience);
  const routeOf = options.routeOf ?? (() => 'any');
  const handling = {
    ...options,
    probe,
    routeOf,
    answers,
    clientAddress: clientAddressBehind(options.trustedProxies ?? []),
  };
  const mostRequests = options.mostRequests ?? httpLimits.requests;
  // Where one request is not to be trusted, nobody knows where the next one begins: what is behind it is not looked at.
  const distrusted = new WeakSet<Socket>();
  const pipelined = new PipelinedRequests(httpLimits.requestsOfConnection);
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    if (distrusted.has(request.socket)) return;
    const fault = faultOfHead(request);
    const isLong = pipelined.waiting(request.socket) >= httpLimits.waitingOfConnection;
    if (fault !== undefined || isLong) distrusted.add(request.socket);
    const refusal = fault === undefined ? (isLong ? overloaded() : undefined) : problem(fault.status, fault.message);
    pipelined.add(request.socket, response, () => {
      const isFull = open.requests.count >= mostRequests;
      const ended = open.requests.add(request.socket, response);
      if (refusal !== undefined || isFull) {
        refuse(handling, request, response, refusal ?? overloaded());
        ended();
      } else receive(handling, budget, request, response).then(ended, ended);
    });
  };
  const server =
    options.tls === undefined
      ? createServer(settings, handler)
      : createTlsServer({ ...settings, ...options.tls, ...tlsSettings, allowHalfOpen: true }, handler);
  // Who has sent a request and says that nothing more comes still gets its answer; not yet in the type declarations.
  Object.assign(server, { httpAllowHalfOpen: true });
  // Instead of leaving out, without a word, those behind the two thousandth, which may be the proxy's; the size is limited.
  server.maxHeadersCount = 0;
  server.maxConnections = options.mostConnections ?? httpLimits.connections;
  server.on('drop', () => {
    open.dropped += 1;
    options.log.warn('a connection was closed: too many are open', {});
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // It is we who have stopped reading.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && pipelined.waiting(socket) > 0) return;
    const status = refuseUnreadable(error, socket);
    // Its answers cannot leave any more, and nothing else would tell that the client has gone.
    pipelined.giveUp(socket);
    socket.setTimeout(headersTimeout);
    if (status !== undefined) probe.http({ method: '', url: '' }, status, 0);
  });
  server.on('connection', (socket: Socket) => open.add(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => resolve());
  });
  server.on('error', (error) => options.log.error('listener', { error: error.message }));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    load: () => ({
      requests: open.requests.count,
      connections: open.connections,
      bodyBytes: budget.taken,
      dropped: open.dropped,
    }),
    useCertificate(certificate) {
      if (server instanceof TlsServer) server.setSecureContext({ ...certificate, ...tlsSettings });
    },
    close: () => close(server, open),
  };
}

const tlsSettings = { minVersion: 'TLSv1.2' } as const;

/** Node.js itself would wait for clients that connected and never sent anything, for minutes. */
async function close(server: Server, open: OpenConnections): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await open.finish(httpLimits.grace);
  await closed;
}

/** Every connection of a listener, and how many requests are being answered. */
class OpenConnections {
  readonly #sockets = new Set<Socket>();
  readonly requests = new OpenRequests();
  /** Were closed before a byte of them was read. */
  dropped = 0;

  get connections(): number {
    return this.#sockets.size;
  }

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  /** Lets requests in flight finish, for `grace` milliseconds at most, then ends every connection. */
  async finish(grace: number): Promise<void> {
    await inTime(this.requests.none(), grace);
    for (const socket of this.#sockets) socket.destroy();
  }
}

interface Handling extends ListenOptions {
  readonly answers: Answers;
  readonly clientAddress: ClientAddress;
  readonly probe: Pick<Probe, 'http'>;
  readonly routeOf: (url: string) => string;
}

/** An answer to what was not read to its end, or not looked at. */
function refuse(options: Handling, message: IncomingMessage, response: ServerResponse, result: HttpResponse): void {
  send(options.answers, response, result, true);
  options.probe.http({ method: message.method ?? '', url: message.url ?? '' }, result.status, 0);
}

/** Resolves when nothing is done for the request any more. */
function receive(
  options: Handling,
  budget: BodyBudget,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const hasBody = message.headers['content-length'] !== undefined || message.headers['transfer-encoding'] !== undefined;
  if (!hasBody) return answer(options, message, noBody, response);
  const body = new IncomingBody(message, budget);
  return body
    .read()
    .then((bytes) =>
      typeof bytes === 'string'
        ? refuse(options, message, response, unread[bytes]())
        : answer(options, message, bytes, response),
    )
    .catch(() => void response.destroy())
    .finally(() => body.release());
}

async function answer(
  options: Handling,
  message: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const request = toRequest(options, message, body);
  const began = performance.now();
  let result: HttpResponse;
  try {
    result = await options.surface(request);
  } catch (error) {
    // A surface answers its own refusals; what arrives here is a fault of ours, and the client learns nothing of it.
    const route = options.routeOf(request.url);
    options.log.error('request failed', { method: request.method, route, error: faultText(error, request) });
    result = error instanceof Unavailable && isRead(request) ? tryAgain('the database cannot be used now') : faulty();
  }
  if (result.stream !== undefined && message.method !== 'HEAD') openStream(response, result, result.stream);
  else send(options.answers, response, result, false, message.method === 'HEAD');
  const ms = performance.now() - began;
  options.probe.http(request, result.status, ms);
  options.log.debug('answered', {
    method: request.method,
    route: options.routeOf(request.url),
    status: result.status,
    ms: Math.round(ms),
    request: idHeaders.map((name) => result.headers[name]).find((id) => id !== undefined),
  });
}

function toRequest({ clientAddress }: Handling, message: IncomingMessage, body: Buffer): HttpRequest {
  const headers = message.headers as Record<string, string | undefined>;
  const { method = 'GET', url = '/' } = message;
  // A connection that has just been closed has no address any more.
  const remoteAddress = clientAddress(message.socket.remoteAddress, headers['x-forwarded-for']) ?? 'unknown';
  return { method, url, host: headers['host'] ?? '', remoteAddress, headers, body };
}

/** An answer without a length, which ends when its writer or its client ends it. */
function openStream(
  response: ServerResponse,
  { status, headers }: HttpResponse,
  stream: NonNullable<HttpResponse['stream']>,
): void {
  response.writeHead(status, headers);
  response.flushHeaders();
  const stop = stream({
    get waiting() {
      return response.writableLength;
    },
    write: (text) => void (response.writable && response.write(text)),
    end: () => response.end(),
  });
  response.on('close', stop);
}

function send(
  answers: Answers,
  response: ServerResponse,
  result: HttpResponse,
  closeAfter: boolean,
  headOnly = false,
): void {
  const { headers } = result;
  // Bytes, also for short texts: node:http would measure and encode a text again.
  const body = typeof result.body === 'string' ? Buffer.from(result.body) : result.body;
  if (closeAfter) headers['Connection'] = 'close';
  // A client that is not told when to come again comes at once, and all of them together.
  if (result.status === 503) headers['Retry-After'] ??= retryAfter;
  // 204 and 304 have no body and therefore no length (RFC 9110 section 8.6).
  if (result.status !== 204 && result.status !== 304) headers['Content-Length'] = String(body.length);
  answers.add({ response, status: result.status, headers, body: headOnly || body.length === 0 ? undefined : body });
}

const json = 'application/json; odata.metadata=minimal';
const problem = (status: number, message: string): HttpResponse => ({
  status,
  headers: { 'Content-Type': json, 'OData-Version': '4.0' },
  body: JSON.stringify({ error: { code: '0x80040216', message } }),
});

// Functions, since `send` adds to the headers of what it is given.
const unread: Readonly<Record<Unread, () => HttpResponse>> = {
  tooLarge: () => problem(413, `the request body is larger than ${httpLimits.body} bytes`),
  noRoom: () => tryAgain('the server holds as many request bodies as it has room for; try again'),
};
const tryAgain = (message: string): HttpResponse => {
  const busy = problem(503, message);
  return { ...busy, headers: { ...busy.headers, 'Retry-After': '1' } };
};
/** Seconds after which a database that was started again or moved usually answers. */
const retryAfter = '3';
const isRead = ({ method }: HttpRequest): boolean => method === 'GET' || method === 'HEAD';
const overloaded = (): HttpResponse => tryAgain('the server answers as many requests as it can at once; try again');
const faulty = (): HttpResponse => problem(500, 'An unexpected error occurred.');

const notHttp = { status: '400 Bad Request', text: 'the request is not HTTP/1.1' };
const unreadable: Readonly<Record<string, typeof notHttp>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    text: `the URL and headers are larger than ${httpLimits.head} bytes`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    text: 'the request took too long to arrive; send it again without pauses',
  },
};

/**
 * Head too large or too slow, or not HTTP at all: answered by hand, since there is no request to answer to. Gives the
 * status; `undefined` where nobody is there any more.
 */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): number | undefined {
  if (!socket.writable) {
    socket.destroy();
    return undefined;
  }
  const { status, text } = unreadable[error.code ?? ''] ?? notHttp;
  const body = JSON.stringify({ error: { code: '0x80040216', message: text } });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: ${json}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  return Number.parseInt(status, 10);
}
