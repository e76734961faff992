/** Sizes beyond which a request is refused before anything looks at it. */
export const httpLimits = {
  /** Bytes of a body; 413 above. */
  body: 16 * 1024 * 1024,
  /** Bytes of a body over the limit that are read and thrown away: answering earlier breaks the connection of many clients. */
  drain: 64 * 1024 * 1024,
  /** Bytes of all bodies together that are being received or worked on; 503 above. */
  bodies: 256 * 1024 * 1024,
  /** Requests that are answered at the same time; 503 above. Each holds memory, and a queue that only grows helps nobody. */
  requests: 2000,
  /** Of one connection: those behind wait, unread. */
  requestsOfConnection: 16,
  /** Of those that wait, which have come by one read; 503 for the next one, and the connection is closed behind it. */
  waitingOfConnection: 256,
  /** Connections that are open at the same time; those above are closed before a byte of them is read. */
  connections: 10_000,
  /** Bytes of request line and headers together; 431 above. The URL has its own, smaller limit in `odata/`. */
  head: 80 * 1024,
  /** Milliseconds that an idle kept-alive connection stays open; longer than common load balancers keep theirs. */
  keepAlive: 65_000,
  /** Milliseconds that a client has to send the URL and headers; 408 after. */
  slowHead: 20_000,
  /** Milliseconds that a client has to send a whole request with its body; 408 after. */
  slowRequest: 120_000,
  /** Milliseconds that a client may take nothing of an answer that waits for it; its connection is closed after. */
  slowReader: 60_000,
  /** Milliseconds that requests in flight have to finish when the server stops. */
  grace: 5000,
} as const;
