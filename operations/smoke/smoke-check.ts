import { passed } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import { platformOn } from '../../domain/hosts.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import { noAnswer, smokeCheckTitle, type Finding, type SmokeCheck } from '../../domain/smoke-checks.ts';
import { swarmNameOf, unitOf } from '../../domain/swarm.ts';
import type { Watch } from '../../domain/watch.ts';
import { pause, pollMilliseconds } from '../../systems/pause.ts';
import { isNode } from '../hosts/observe-here.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withinLimit } from '../time-limit.ts';
import { askHttp } from './ask-http.ts';
import { askCommand, askQuery, askTcp } from './ask-others.ts';

/** One answer; it is asked again as long as the check's patience lasts. */
const answerWithinMs = 5000;

/** What the platform file says must hold of services on this host, side by side. Failure: ServiceUnhealthy for one that does not in its time. */
export async function smokeCheck(
  open: OpenPlatform,
  _call: Pick<StepCall<'smokeCheck'>, 'arguments'>,
  { signal }: Watch,
): Promise<StepOutcome> {
  const { smoke } = platformOn(open.platform, open.host);
  const found = await Promise.all(
    smoke.map((check) => withinLimit(check.timeoutSeconds, () => untilItHolds(open, check, signal))),
  );
  const evidence = smoke.map((check, index) => `${smokeCheckTitle(check)} ${found[index] ?? ''}`);
  return {
    summary: evidence.join(', '),
    checks: smoke.map((check, index) => passed(`smoke ${smokeCheckTitle(check)}`, evidence[index] ?? '')),
  };
}

async function untilItHolds(open: OpenPlatform, check: SmokeCheck, signal: AbortSignal | undefined): Promise<string> {
  const deadline = Date.now() + check.timeoutSeconds * 1000;
  for (;;) {
    const began = Date.now();
    const { holds, found } = await ask(open, check, signal);
    if (holds) return found;
    signal?.throwIfAborted();
    if (Date.now() > deadline)
      throw new Failure('ServiceUnhealthy', {
        message: `The smoke check ${smokeCheckTitle(check)} did not hold within ${check.timeoutSeconds} s: ${found}`,
        remedy: `Read the logs of ${'service' in check ? check.service : check.store}, remove the cause, then retry the step`,
      });
    // A question to another node is a workflow: no more of them than it takes.
    await pause(Math.max(pollMilliseconds, Date.now() - began), signal);
  }
}

/** The check of that title, as this host's part of a question. */
export async function smokeFinding(
  open: OpenPlatform,
  { title }: { title: string },
  { signal }: Watch,
): Promise<Finding> {
  const check = open.platform.smoke.find((one) => smokeCheckTitle(one) === title);
  return check ? askHere(open, check, signal) : { holds: false, found: `not in the platform file of ${open.host}` };
}

/** Swarm may run a core service on any node: the worker there is asked. */
async function ask(open: OpenPlatform, check: SmokeCheck, signal: AbortSignal | undefined): Promise<Finding> {
  try {
    const { deployment } = open.platform;
    if (deployment.kind !== 'swarm' || isNode(open) || !('service' in check)) return await askHere(open, check, signal);
    const node = await open.docker.nodeElsewhere(unitOf(swarmNameOf(deployment, check.service)));
    if (node === undefined) return await askHere(open, check, signal);
    await open.assertWorkers?.([node]);
    return await open.ask(node, 'smoke', { title: smokeCheckTitle(check) }, { signal });
  } catch (error) {
    return noAnswer(check, reasonOf(error));
  }
}

/** A service that is not there yet, or answers nothing, is a finding as any other: it may come. */
async function askHere(open: OpenPlatform, check: SmokeCheck, signal: AbortSignal | undefined): Promise<Finding> {
  try {
    switch (check.kind) {
      case 'tcp':
        return await askTcp(open, check, answerWithinMs, signal);
      case 'command':
        return await askCommand(open, check, check.timeoutSeconds * 1000, signal);
      case 'query':
        return await askQuery(open, check, answerWithinMs);
      default:
        return await askHttp(open, check, answerWithinMs, signal);
    }
  } catch (error) {
    return noAnswer(check, reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const { message, code, cause } = error as Error & { code?: string; cause?: { code?: string } };
  return code ?? cause?.code ?? message;
}
