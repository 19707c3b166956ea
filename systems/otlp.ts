import { SpanKind, SpanStatusCode, TraceFlags, type HrTime, type SpanContext } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** A span with its ids: 32 and 16 hexadecimal digits. */
export interface ExportedSpan {
  traceId: string;
  spanId: string;
  parentId?: string;
  name: string;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string;
  attributes: Record<string, string | number | boolean | string[]>;
  failure?: string;
}

export interface Collector {
  url: string;
  headers: Record<string, string>;
  timeoutMs: number;
  /** What the spans are of: service.name and more. */
  resource: Record<string, string>;
}

/**
 * Sends spans that are over to a collector, as JSON over HTTP; the exporter tries again while the time lasts. Fails with
 * what the collector answered, and without its address.
 */
export async function sendSpans(
  { url, headers, timeoutMs, resource }: Collector,
  spans: ExportedSpan[],
): Promise<void> {
  const exporter = new OTLPTraceExporter({ url, headers, timeoutMillis: timeoutMs });
  const of = resourceFromAttributes(resource);
  try {
    await new Promise<void>((resolve, reject) => {
      exporter.export(
        spans.map((span) => readable(span, of)),
        ({ error }) => (error === undefined ? resolve() : reject(new Error(reasonOf(error)))),
      );
    });
  } finally {
    await exporter.shutdown();
  }
}

function reasonOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: number | string; name?: string };
  if (typeof code === 'number') return `the collector answered ${code}`;
  return `the collector cannot be reached (${code ?? name ?? 'unknown reason'})`;
}

function readable(span: ExportedSpan, resource: ReadableSpan['resource']): ReadableSpan {
  const { traceId, spanId, parentId, name, attributes, failure } = span;
  const context = (id: string): SpanContext => ({ traceId, spanId: id, traceFlags: TraceFlags.SAMPLED });
  const [start, end] = [Date.parse(span.startedAt), Date.parse(span.finishedAt)];
  return {
    name,
    kind: SpanKind.INTERNAL,
    spanContext: () => context(spanId),
    ...(parentId !== undefined && { parentSpanContext: context(parentId) }),
    startTime: timeOf(start),
    endTime: timeOf(end),
    duration: timeOf(Math.max(0, end - start)),
    ended: true,
    status: failure === undefined ? { code: SpanStatusCode.OK } : { code: SpanStatusCode.ERROR, message: failure },
    attributes,
    links: [],
    events: [],
    resource,
    instrumentationScope: { name: 'rekindle' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Seconds and nanoseconds. */
function timeOf(milliseconds: number): HrTime {
  return [Math.trunc(milliseconds / 1000), (milliseconds % 1000) * 1_000_000];
}
