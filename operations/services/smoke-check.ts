import { passed } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import { platformOn } from '../../domain/hosts.ts';
import type { SmokeCheck } from '../../domain/platform.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { withDeadline } from '../../systems/deadline.ts';
import { pause, pollMilliseconds } from '../../systems/pause.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withinLimit } from '../time-limit.ts';

const answerWithinMs = 5000;

/** The requests that the platform file asks for, of services on this host: what users of the platform would notice first. */
export async function smokeCheck(
  open: OpenPlatform,
  _call: StepCall<'smokeCheck'>,
  { signal }: Watch,
): Promise<StepOutcome> {
  const { smoke } = platformOn(open.platform, open.host);
  const evidence = await Promise.all(
    smoke.map((check) =>
      withinLimit(check.timeoutSeconds, () =>
        untilAnswered(check, signal, () => open.reachService(check.service, check.port)),
      ),
    ),
  );
  return {
    summary: evidence.join(', '),
    checks: smoke.map((check, index) => passed(`smoke ${check.service}${check.path}`, evidence[index] ?? '')),
  };
}

/** Asks again until the wanted status comes. Failure: ServiceUnhealthy with the last answer. */
async function untilAnswered(
  check: SmokeCheck,
  signal: AbortSignal | undefined,
  reach: () => Promise<{ host: string; port: number }>,
): Promise<string> {
  const deadline = Date.now() + check.timeoutSeconds * 1000;
  for (;;) {
    const answer = await ask(check, signal, reach);
    if (answer === String(check.expectStatus)) return `${check.service}${check.path} answered ${answer}`;
    signal?.throwIfAborted();
    if (Date.now() > deadline)
      throw new Failure('ServiceUnhealthy', {
        message: `${check.service}${check.path} answered ${answer} for ${check.timeoutSeconds} s, ${check.expectStatus} is expected`,
        remedy: `Read the logs of ${check.service}, remove the cause, then retry the step`,
      });
    await pause(pollMilliseconds, signal);
  }
}

async function ask(
  check: SmokeCheck,
  signal: AbortSignal | undefined,
  reach: () => Promise<{ host: string; port: number }>,
): Promise<string> {
  try {
    const { host, port } = await reach();
    return await withDeadline(answerWithinMs, signal, async (limited) => {
      const response = await fetch(`http://${host}:${port}${check.path}`, { signal: limited });
      await response.body?.cancel();
      return String(response.status);
    });
  } catch (error) {
    return `nothing (${(error as { cause?: { code?: string } }).cause?.code ?? 'no connection'})`;
  }
}
