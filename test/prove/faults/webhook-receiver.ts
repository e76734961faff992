import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A delivery that came. */
export interface Arrived {
  /** `webhook-id`: the same for each attempt of one delivery. */
  readonly id: string;
  /** Type of the event and id of its recruiting request. */
  readonly name: string;
  /** Moment (`performance.now()`) at which it was there. */
  readonly at: number;
}

/** Takes deliveries; while it holds it answers none of those that come. */
export class WebhookReceiver {
  isHolding = false;
  /** Answered with 200, in order. */
  readonly answered: Arrived[] = [];
  /** That were not answered. */
  readonly held: Arrived[] = [];
  /** Of those that were held: whose sender has gone. */
  readonly cut: Arrived[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      await once(request, 'end');
      const event = JSON.parse(Buffer.concat(chunks).toString()) as { type: string; data: Record<string, unknown> };
      const name = eventName(event.type, String(event.data['recruitingRequestEntityId']));
      this.#take({ id: String(request.headers['webhook-id']), name, at: performance.now() }, response);
    });
  }

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #take(arrived: Arrived, response: ServerResponse): void {
    if (this.isHolding) {
      this.held.push(arrived);
      response.once('close', () => this.cut.push(arrived));
    } else {
      this.answered.push(arrived);
      response.end();
    }
  }
}

export const eventName = (type: string, requestId: string): string => `${type} ${requestId.toLowerCase()}`;
