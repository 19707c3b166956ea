import { createHash } from 'node:crypto';
import { redact, redactAll, rememberSecret } from '../../config/redaction.ts';
import { traceTargetOf } from '../../config/trace-target.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { traceOf } from '../../domain/traces/run-trace.ts';

export interface TraceCall {
  report: RunProgress;
  /** Tells this execution from another under the same id; one quarantine may go back more than once. */
  execution: string;
}

/**
 * Sends the trace of a run that has ended to the collector that the environment names; nothing when it names none. Ids are
 * made of the run's: a trace that is sent twice is the same trace. Answers why it could not be sent; never fails.
 */
export async function exportTrace(
  variables: NodeJS.ProcessEnv,
  { report, execution }: TraceCall,
): Promise<string | undefined> {
  const target = traceTargetOf(variables);
  if (target === undefined) return undefined;
  for (const value of Object.values(target.headers)) rememberSecret(value);
  const traceId = digest(`${report.run}\n${execution}\n${report.startedAt}`, 32);
  const spans = redactAll(traceOf(report)).map((span, index) => ({
    ...span,
    traceId,
    spanId: digest(`${traceId}\n${span.key}`, 16),
    ...(index > 0 && { parentId: digest(`${traceId}\nrun`, 16) }),
  }));
  try {
    // Loaded on demand: most workers export no traces.
    const { sendSpans } = await import('../../systems/otlp.ts');
    await sendSpans(target, spans);
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    return `The trace of ${report.run} could not be exported: ${redact(message)}`;
  }
}

const digest = (text: string, length: number) => createHash('sha256').update(text).digest('hex').slice(0, length);
