import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What the network between a client and its server does. `cut` refuses, `stall` swallows, `slow` comes late. */
export type Network = 'passes' | 'cut' | 'stall' | 'slow';

/** Milliseconds by which each piece comes late on a slow network. */
const lateness = 40;

/** A network of a test's own in front of a database, and the URL that leads through it. */
export async function proxyTo(databaseUrl: string): Promise<{ readonly proxy: TcpProxy; readonly url: string }> {
  const url = new URL(databaseUrl);
  const folder = url.searchParams.get('host');
  const port = url.port || '5432';
  const proxy = await TcpProxy.start(folder === null ? `${url.hostname}:${port}` : `${folder}/.s.PGSQL.${port}`);
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return { proxy, url: url.href };
}

/** A TCP proxy that a test can cut. Leads to `target`, the path of a Unix socket or `host:port`, which may change. */
export class TcpProxy {
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #target: string;
  #network: Network = 'passes';
  #fatal: Buffer | undefined;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  static async start(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#links.size;
  }

  /** From now on the network is so; a cut ends what is open. */
  become(network: Network): void {
    this.#network = network;
    if (network === 'cut') this.#endAll();
    for (const link of this.#links) link.become(network);
  }

  /** New connections lead there; those to the old place hang, as those to a machine without power do. */
  moveTo(target: string): void {
    this.#target = target;
    for (const link of this.#links) link.become('stall');
  }

  /** The next connection that sends this text carries it over, and is cut when its answer comes, which is lost. */
  loseAnswerTo(text: string): void {
    this.#fatal = Buffer.from(text);
  }

  /** Was there one since? */
  get hasLost(): boolean {
    return this.#fatal === undefined;
  }

  async close(): Promise<void> {
    this.#endAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    if (this.#network === 'cut') {
      client.destroy();
      return;
    }
    const [, host, port] = /^([^/]+):(\d+)$/.exec(this.#target) ?? [];
    const server = port === undefined ? connect(this.#target) : connect(Number(port), host);
    const link = new Link(client, server, (chunk) => this.#isFatal(chunk));
    link.become(this.#network);
    this.#links.add(link);
    link.onEnd(() => this.#links.delete(link));
  }

  #isFatal(chunk: Buffer): boolean {
    if (this.#fatal === undefined || !chunk.includes(this.#fatal)) return false;
    this.#fatal = undefined;
    return true;
  }

  #endAll(): void {
    for (const link of this.#links) link.end();
  }
}

/**
 * One connection and the one behind it. After a stall that swallowed something the client's end is closed and the server's
 * is not: a server that sends nothing does not learn that its client has gone.
 */
class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  #network: Network = 'passes';
  #isDoomed = false;
  #hasSwallowed = false;

  constructor(client: Socket, server: Socket, isFatal: (chunk: Buffer) => boolean) {
    this.#client = client;
    this.#server = server;
    client.on('data', (chunk: Buffer) => {
      if (isFatal(chunk)) this.#isDoomed = true;
      this.#carry(server, chunk);
    });
    server.on('data', (chunk: Buffer) => {
      if (this.#isDoomed) this.end();
      else this.#carry(client, chunk);
    });
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.#part());
      socket.on('close', () => this.#part());
    }
  }

  become(network: Network): void {
    this.#network = network;
    if (network === 'passes' && this.#hasSwallowed) this.#client.destroy();
  }

  onEnd(listener: () => void): void {
    this.#server.once('close', listener);
  }

  end(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  /** One side has gone. Behind a stall the other one does not learn of it, then or later. */
  #part(): void {
    if (this.#network === 'stall') this.#hasSwallowed = true;
    if (!this.#hasSwallowed) this.end();
  }

  #carry(to: Socket, chunk: Buffer): void {
    if (this.#network === 'stall') {
      this.#hasSwallowed = true;
      return;
    }
    if (this.#network === 'passes') to.write(chunk);
    else setTimeout(() => to.writable && to.write(chunk), lateness);
  }
}
