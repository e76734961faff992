import { AsyncLocalStorage } from 'node:async_hooks';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import type { AuditEntry } from '../kernel/audit.ts';
import { type HttpRequest, type HttpResponse, idHeaders, type Surface } from '../kernel/http.ts';
import { inTime } from '../kernel/in-time.ts';
import type { Log, LogFields } from '../kernel/log.ts';
import type { Probe, StatementKind, Step } from '../kernel/probe.ts';
import { parseTraceParent } from './traceparent.ts';

export interface TracingOptions {
  /** Where spans are sent: OTLP over HTTP, as JSON. */
  readonly url: string;
  /** Share of the requests that are recorded, of those whose caller says nothing of it. */
  readonly share: number;
  readonly version: string;
  readonly database: 'sqlite' | 'postgresql';
  readonly routeOf: (url: string) => string;
}

/** Spans of requests. There is none of these where traces are off, and nothing of the libraries is loaded. */
export interface Tracing {
  /** The same surface, with a span around each request. */
  around(surface: Surface): Surface;
  /** Tells `inner` all that it is told, and makes spans of it. */
  probe(inner: Probe): Probe;
  /** The same log; lines of a request that is recorded name its trace. */
  log(inner: Log): Log;
  /** Sends what waits to be sent. */
  close(): Promise<void>;
}

type Api = typeof import('@opentelemetry/api');

/** A request that is recorded, and the context that its parts are made in. */
interface Recorded {
  readonly span: Span;
  readonly context: Context;
}

/** Loads the libraries of OpenTelemetry, which nobody else does. */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const [api, { OTLPTraceExporter }, sdk, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/resources'),
  ]);
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'portvakt', 'service.version': options.version }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(options.share) }),
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url: options.url, timeoutMillis: sendingMs }))],
  });
  const tracer = provider.getTracer('portvakt', options.version);
  return new RequestTracing(api, tracer, options, async () => {
    await inTime(
      provider.shutdown().catch(() => undefined),
      sendingMs,
    );
  });
}

class RequestTracing implements Tracing {
  readonly #api: Api;
  readonly #tracer: Tracer;
  readonly #options: TracingOptions;
  readonly #current = new AsyncLocalStorage<Recorded | undefined>();
  readonly close: () => Promise<void>;

  constructor(api: Api, tracer: Tracer, options: TracingOptions, close: () => Promise<void>) {
    this.#api = api;
    this.#tracer = tracer;
    this.#options = options;
    this.close = close;
  }

  around(surface: Surface): Surface {
    return async (request) => {
      const span = this.#begin(request);
      const context = this.#api.trace.setSpan(this.#api.ROOT_CONTEXT, span);
      try {
        const answer = await this.#current.run(span.isRecording() ? { span, context } : undefined, () =>
          surface(request),
        );
        this.#noteAnswer(span, answer);
        return answer;
      } catch (error) {
        // The message may hold values; the log has it.
        span.setAttributes({ 'http.response.status_code': 500, 'error.type': nameOf(error) });
        span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    };
  }

  probe(inner: Probe): Probe {
    return {
      http: (...told) => inner.http(...told),
      answered: (entry, began) => {
        inner.answered(entry, began);
        this.#current.getStore()?.span.setAttributes(attributesOf(entry));
      },
      // What the counters do not ask for is below 0, so that it is not counted.
      begin: (step) => inner.begin(step) || (this.#current.getStore() === undefined ? 0 : -performance.now()),
      step: (step, began, isRefused) => {
        if (began > 0) inner.step(step, began, isRefused);
        if (began !== 0) this.#step(step, Math.abs(began), isRefused);
      },
      statement: (kind, began, text, isFailed) => {
        inner.statement(kind, began, text, isFailed);
        this.#statement(kind, began, text, isFailed);
      },
      bind: (job) => {
        const recorded = this.#current.getStore();
        return (...given) => this.#current.run(recorded, job, ...given);
      },
    };
  }

  log(inner: Log): Log {
    const at =
      (level: keyof Log) =>
      (message: string, fields: LogFields = {}): void => {
        const trace = this.#current.getStore()?.span.spanContext().traceId;
        inner[level](message, trace === undefined ? fields : { ...fields, trace });
      };
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }

  #begin({ method, url, headers }: HttpRequest): Span {
    const { ROOT_CONTEXT, SpanKind, TraceFlags, trace } = this.#api;
    const parent = parseTraceParent(headers['traceparent']);
    const route = this.#options.routeOf(url);
    const context =
      parent === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId: parent.traceId,
            spanId: parent.spanId,
            traceFlags: parent.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
            isRemote: true,
          });
    const known = methods.has(method) ? method : '_OTHER';
    const attributes = { 'http.request.method': known, 'http.route': route };
    return this.#tracer.startSpan(`${known} ${route}`, { kind: SpanKind.SERVER, attributes }, context);
  }

  #noteAnswer(span: Span, { status, headers }: HttpResponse): void {
    span.setAttribute('http.response.status_code', status);
    const id = idHeaders.map((name) => headers[name]).find((each) => each !== undefined);
    if (id !== undefined) span.setAttribute('portvakt.request_id', id);
    if (status >= 500) span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
  }

  #step(step: Step, began: number, isRefused: boolean): void {
    this.#part(step.replace('-', ' '), began, { 'portvakt.decision': isRefused ? 'refused' : 'passed' });
  }

  #statement(kind: StatementKind, began: number, text: string, isFailed: boolean): void {
    // One flush of the disk serves many requests, and belongs to none.
    if (text === '') return;
    const attributes = {
      'db.system.name': this.#options.database,
      'db.operation.name': kind,
      'db.query.text': text.slice(0, longestText),
    };
    this.#part(`SQL ${kind}`, began, attributes, isFailed);
  }

  /** A part of the request at hand, told when it has ended. */
  #part(name: string, began: number, attributes: Attributes, isFailed = false): void {
    const recorded = this.#current.getStore();
    if (recorded === undefined) return;
    const { SpanKind, SpanStatusCode } = this.#api;
    const kind = name.startsWith('SQL') ? SpanKind.CLIENT : SpanKind.INTERNAL;
    const startTime = performance.timeOrigin + began;
    const span = this.#tracer.startSpan(name, { kind, attributes, startTime }, recorded.context);
    if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(performance.timeOrigin + performance.now());
  }
}

/** Milliseconds that a collector has to take spans; a stop waits no longer for one that is gone. */
const sendingMs = 3000;

const longestText = 2000;
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What may be told of an operation: names and codes, as the metrics have them, and who asked by id. */
const attributesOf = ({ surface, table, kind, outcome, stage, code, cause, clientId }: AuditEntry): Attributes => ({
  'portvakt.surface': surface,
  'portvakt.kind': kind,
  'portvakt.outcome': outcome,
  ...(table !== undefined && { 'portvakt.table': table }),
  ...(stage !== undefined && { 'portvakt.stage': stage }),
  ...(code !== undefined && { 'portvakt.code': code }),
  ...(cause !== undefined && { 'portvakt.condition': cause.condition }),
  ...(clientId !== undefined && { 'portvakt.client_id': clientId }),
});

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
