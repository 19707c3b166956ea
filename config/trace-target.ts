/** Where traces go, by OpenTelemetry's standard variables. */
export interface TraceTarget {
  url: string;
  headers: Record<string, string>;
  timeoutMs: number;
  /** Of the resource: `service.name` and what OTEL_RESOURCE_ATTRIBUTES adds. */
  resource: Record<string, string>;
}

const defaultTimeoutMs = 10_000;

/** Undefined: no endpoint is set, or traces are switched off. */
export function traceTargetOf(variables: NodeJS.ProcessEnv): TraceTarget | undefined {
  const of = (name: string) => notEmpty(variables[`OTEL_EXPORTER_OTLP_TRACES_${name}`]);
  const ofAll = (name: string) => notEmpty(variables[`OTEL_EXPORTER_OTLP_${name}`]);
  const base = ofAll('ENDPOINT');
  const url = of('ENDPOINT') ?? (base && `${base.replace(/\/+$/, '')}/v1/traces`);
  const off = variables['OTEL_SDK_DISABLED'] === 'true' || variables['OTEL_TRACES_EXPORTER'] === 'none';
  if (url === undefined || off) return undefined;
  return {
    url,
    headers: pairs(of('HEADERS') ?? ofAll('HEADERS')),
    timeoutMs: Number(of('TIMEOUT') ?? ofAll('TIMEOUT')) || defaultTimeoutMs,
    resource: {
      ...pairs(variables['OTEL_RESOURCE_ATTRIBUTES']),
      'service.name': notEmpty(variables['OTEL_SERVICE_NAME']) ?? 'rekindle',
    },
  };
}

const notEmpty = (value: string | undefined) => (value === '' ? undefined : value);

/** `name=value,name=value`, percent-encoded as in the header `baggage`. */
function pairs(text = ''): Record<string, string> {
  return Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[decoded(pair.slice(0, at).trim()), decoded(pair.slice(at + 1).trim())]];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
