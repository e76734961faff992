import type { RequestOperator } from './operator.ts';

/** One HTTP request, already read whole. Header names are lower case. The seed and tests call the surfaces with it too. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent, for example `/api/data/v9.2/WhoAmI`. */
  readonly url: string;
  /** `host[:port]` that the client used. */
  readonly host: string;
  /** Address of the client, behind trusted proxies too; absent for what this process asks of itself. */
  readonly remoteAddress?: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Set by the sign-in alone, for requests of the web app; nothing that a client sends becomes this. */
  readonly operator?: RequestOperator;
}

/** One HTTP answer. `body` is sent as it is, text in UTF-8. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
  /** Instead of the body: an answer that goes on until either side ends it. Gives what is called when the client has gone. */
  readonly stream?: (sink: ResponseSink) => () => void;
}

/** Where an answer that goes on is written to. */
export interface ResponseSink {
  /** Bytes that the client has not taken yet. */
  readonly waiting: number;
  write(text: string): void;
  end(): void;
}

/** Headers by which surfaces name a request in their answers. */
export const idHeaders = ['REQ_ID', 'request-id', 'x-ms-request-id'] as const;

/** A part of the product that answers requests under some paths. */
export type Surface = (request: HttpRequest) => Promise<HttpResponse>;

/** A request that somebody has written down, perhaps one to another environment. */
export interface WrittenRequest {
  readonly method: string;
  /** Absolute, or from the path on. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
