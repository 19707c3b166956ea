import { warned } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { withDeadline } from '../../systems/deadline.ts';
import type { OpenPlatform } from '../open-platform.ts';

/**
 * Runs a hook's command in each container of its service that runs; where none does, nothing need be done, and a warning says so.
 * Failures: ContainerFailed (another exit code than 0), StepTimedOut, ServiceNotFound, InvalidArgument (the hook is gone from the
 * platform file).
 */
export async function runHook(open: OpenPlatform, call: StepCall<'runHook'>, watch: Watch): Promise<StepOutcome> {
  const { hook: name, when, service } = call.arguments;
  const hook = open.platform.backup.hooks?.find((each) => each.name === name);
  const command = hook?.[when];
  if (command === undefined) throw gone(name, when);
  const running = (await open.containersOf(service)).filter((container) => container.running);
  const ended = await Promise.allSettled(
    running.map((container) => runIn(open, call, { container: container.name, command }, watch)),
  );
  const refused = ended.find((each) => each.status === 'rejected');
  if (refused) throw refused.reason;
  if (running.length > 0) return { summary: `${running.map((container) => container.name).join(', ')}: exit code 0` };
  const check = warned(
    `hook ${name}`,
    `No container of ${service} runs, so its command was not run (${when})`,
    `Start ${service}, or remove the hook from the platform file`,
  );
  return { summary: check.evidence, checks: [check] };
}

async function runIn(
  { docker }: Pick<OpenPlatform, 'docker'>,
  call: StepCall<'runHook'>,
  { container, command }: { container: string; command: string[] },
  { signal }: Watch,
): Promise<void> {
  const { hook, when, timeoutSeconds } = call.arguments;
  const { exitCode, stdout, stderr } = await withDeadline(timeoutSeconds * 1000, signal, (limited) =>
    docker.exec(container, command, { signal: limited }),
  ).catch((error: unknown) => {
    throw error instanceof DOMException && error.name === 'TimeoutError' ? late(call, container) : error;
  });
  if (exitCode === 0) return;
  throw new Failure('ContainerFailed', {
    message: `The hook ${hook} (${when}) in ${container} ended with exit code ${exitCode}: ${lastLine(stderr) || lastLine(stdout) || 'it said nothing'}`,
    remedy: `Run it by hand (docker exec ${container} …), mend what it reports, and take the backup again`,
  });
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';

function late(call: StepCall<'runHook'>, container: string): Failure {
  const { hook, when, timeoutSeconds } = call.arguments;
  return new Failure('StepTimedOut', {
    message: `The hook ${hook} (${when}) in ${container} did not end within ${timeoutSeconds} s`,
    remedy: 'Find out what it waits for, or give it more time: "timeoutSeconds" of the hook in the platform file',
  });
}

function gone(hook: string, when: string): Failure {
  return new Failure('InvalidArgument', {
    message: `The platform file has no command "${when}" of a hook named "${hook}" (any more)`,
    remedy: 'Put it back into the platform file, which changed during the run, then take the backup again',
  });
}
