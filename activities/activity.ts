import { Context } from '@temporalio/activity';
import { redactWords } from '../config/redaction.ts';
import type { StepProgress } from '../domain/plans/steps.ts';
import type { Watch } from '../domain/watch.ts';
import { toTemporal } from './failures.ts';

/** Short enough for a heartbeat time-out of 5 s, so that a dead worker is noticed within it. */
const heartbeatEveryMs = 1000;

/**
 * Makes an activity of plain work: it heartbeats while the work goes on (with the work's last progress), hands over
 * cancellation as a signal, and turns what is thrown into Temporal's failures. Summaries, notes, checks and failures
 * leave it without any secret that this process has read.
 */
export function activity<Input, Output>(
  work: (input: Input, watch: Required<Watch>) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    const signal = context.cancellationSignal;
    let last: StepProgress | undefined;
    const beat = setInterval(() => context.heartbeat(last), heartbeatEveryMs);
    const onProgress = (progress: StepProgress) => {
      last = redactWords(progress);
      context.heartbeat(last);
    };
    try {
      context.heartbeat(last);
      return redactWords(await work(input, { signal, onProgress }));
    } catch (error) {
      throw toTemporal(error, signal.aborted);
    } finally {
      clearInterval(beat);
    }
  };
}
