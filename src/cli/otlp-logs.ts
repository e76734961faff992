import type { Row } from './session.ts';

/** Log records in the JSON form of the OpenTelemetry protocol (opentelemetry.io/docs/specs/otlp, `ExportLogsServiceRequest`). */

/** Severity by what became of a request: number and text of the logs data model. */
const severities: Readonly<Record<string, readonly [number, string]>> = {
  allowed: [9, 'INFO'],
  failed: [13, 'WARN'],
  denied: [13, 'WARN'],
  faulted: [17, 'ERROR'],
};

/** Members that the semantic conventions have a name for. All others are `portvakt.` and their own name. */
const conventional: Readonly<Record<string, string>> = {
  method: 'http.request.method',
  status: 'http.response.status_code',
  remoteAddress: 'client.address',
};

/** Said by the record itself, or by its resource. */
const notAttributes: ReadonlySet<string> = new Set(['time', 'run']);

type AnyValue = Readonly<Record<string, unknown>>;

/** Entries of the audit log as one request; each run of a process is a resource. */
export function renderOtlpLogs(entries: readonly Row[], version: string): object {
  const runs = new Map<string, Row[]>();
  for (const entry of entries) {
    const run = String(entry['run']);
    runs.set(run, [...(runs.get(run) ?? []), entry]);
  }
  const scope = { name: 'portvakt.audit', version };
  const resourceLogs = [...runs].map(([run, some]) => ({
    resource: { attributes: attributesOf({ 'service.name': 'portvakt', 'service.instance.id': run }) },
    scopeLogs: [{ scope, logRecords: some.map(recordOf) }],
  }));
  return { resourceLogs };
}

function recordOf(entry: Row): object {
  const { time, kind, outcome, table, message, reason } = entry;
  const [severityNumber, severityText] = kind === 'gap' ? [17, 'ERROR'] : (severities[String(outcome)] ?? [0, '']);
  const about = table ?? message ?? '';
  const sentence = `${kind} ${outcome}${about === '' ? '' : `: ${about}`}${reason === undefined ? '' : ` (${reason})`}`;
  const nanoseconds = `${Date.parse(String(time))}000000`;
  const attributes = Object.entries(entry).flatMap(([name, value]) =>
    notAttributes.has(name) ? [] : [[conventional[name] ?? `portvakt.${name}`, value] as const],
  );
  return {
    ...{ timeUnixNano: nanoseconds, observedTimeUnixNano: nanoseconds, severityNumber, severityText },
    eventName: `portvakt.audit.${kind}`,
    body: { stringValue: sentence },
    attributes: attributesOf(Object.fromEntries(attributes)),
  };
}

const attributesOf = (members: Row): readonly object[] =>
  Object.entries(members).map(([key, value]) => ({ key, value: anyValue(value) }));

/** 64-bit integers are text in JSON. */
function anyValue(value: unknown): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === 'object' && value !== null) return { kvlistValue: { values: attributesOf(value as Row) } };
  return {};
}
