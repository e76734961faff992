import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What the network between a client and its server does. `cut` refuses, `stall` swallows, `slow` comes late. */
export type Network = 'passes' | 'cut' | 'stall' | 'slow';

/** Milliseconds by which each piece comes late on a slow network. */
const lateness = 40;

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

  /** From now on the network is so; a cut ends what is open, and so does what comes after a stall. */
  become(network: Network): void {
    const wasStalled = this.#network === 'stall';
    this.#network = network;
    if (network === 'cut' || wasStalled) this.#endAll();
    for (const link of this.#links) link.become(network);
  }

  /** New connections lead there; those to the old place end, unless they are to hang as those to a dead machine do. */
  moveTo(target: string, { hang = false } = {}): void {
    this.#target = target;
    if (!hang) this.#endAll();
    else for (const link of this.#links) link.become('stall');
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
    client.once('close', () => this.#links.delete(link));
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

/** One connection and the one behind it. */
class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  #network: Network = 'passes';
  #isDoomed = false;

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
      socket.on('error', () => this.end());
      // Behind a stall nobody learns that the other side has gone.
      socket.on('close', () => this.#network !== 'stall' && this.end());
    }
  }

  become(network: Network): void {
    this.#network = network;
  }

  end(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  #carry(to: Socket, chunk: Buffer): void {
    if (this.#network === 'stall') return;
    if (this.#network === 'passes') to.write(chunk);
    else setTimeout(() => to.writable && to.write(chunk), lateness);
  }
}
