import { usageError } from '../cli-error.ts';
import type { CommandCall } from '../command.ts';
import { renderOtlpLogs } from '../otlp-logs.ts';
import { parseRow, parseRows, type Row } from '../session.ts';

/** Lines of a page of entries, by the name of the format. */
const formats: Readonly<Record<string, (entries: readonly Row[], version: string) => string>> = {
  jsonl: (entries) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
  otel: (entries, version) => `${JSON.stringify(renderOtlpLogs(entries, version))}\n`,
};

const pageSize = 500;

/**
 * Writes entries to standard output, oldest first, a page at a time: the next one is asked for when the last one was
 * taken. Ends at the moment at which it began, unless `until` is earlier.
 */
export async function exportAudit(call: CommandCall, query: URLSearchParams): Promise<void> {
  const format = call.option('format') ?? 'jsonl';
  const render = formats[format];
  if (render === undefined) {
    throw usageError(`there is no format ${format}`, `--format ${Object.keys(formats).join(' or --format ')}`);
  }
  query.set('order', 'oldest');
  query.set('top', String(pageSize));
  if (!query.has('until')) query.set('until', new Date().toISOString());
  for (let next: unknown = undefined; next !== null; ) {
    if (typeof next === 'string') query.set('cursor', next);
    const page = parseRow(await call.session.portvakt(`audit?${query}`));
    const entries = parseRows(page['value']);
    if (entries.length > 0) call.io.out(render(entries, call.version));
    await call.io.drained();
    next = page['next'] ?? null;
  }
}
