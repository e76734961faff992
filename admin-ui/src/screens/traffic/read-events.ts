/** One server-sent event. */
export interface ServerEvent {
  readonly name: string;
  readonly data: unknown;
}

/** Events of a stream as they come; comments are left out. Ends when the stream does. */
export async function* readEvents(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncIterable<ServerEvent> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
        if (name !== undefined && data !== undefined) yield { name, data: JSON.parse(data) as unknown };
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
