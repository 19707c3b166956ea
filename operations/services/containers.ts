import { passed } from '../../domain/checks.ts';
import type { DeploymentCapture } from '../../domain/deployment.ts';
import { beforeRun, type Action, type CaptureSource, type StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { openPlatform, type Dependencies } from '../open-platform.ts';
import { quarantineOf, readRecordedDeployment } from '../quarantine/recorded-deployment.ts';
import { beginBootstrap } from '../stores/bootstrap.ts';
import { readCapture } from '../recovery-points/read-point.ts';
import { withinLimit } from '../time-limit.ts';

// Containers, volumes and networks of the platform's host. They are named exactly, so the platform file is read only where
// a capture is needed: what was stopped can be started again even when the file was broken meanwhile.

export async function stopService(
  { docker }: Dependencies,
  { arguments: { containers, graceSeconds } }: StepCall<'stopService'>,
  watch: Watch,
): Promise<StepOutcome> {
  const stopped = await docker.stopContainers(containers, graceSeconds, watch);
  const words = stopped.map(
    (stop) => `${stop.name} ${'exitCode' in stop ? `exit code ${String(stop.exitCode)}` : stop.outcome}`,
  );
  return { summary: words.join(', ') };
}

/** Creates what is missing, starts all of it and waits until it is healthy. Failure: ServiceUnhealthy. */
export async function startService(
  dependencies: Dependencies,
  call: StepCall<'startService'>,
  watch: Watch,
): Promise<StepOutcome> {
  const { docker } = dependencies;
  const { containers, capture, bootstrap, healthTimeoutSeconds, settleSeconds } = call.arguments;
  const names = containers.map(({ name }) => name);
  const created =
    capture === undefined
      ? []
      : await docker.createContainers(await captureFor(dependencies, call, capture), names, watch);
  if (bootstrap) await beginBootstrap(docker, bootstrap);
  await docker.startContainers(containers, watch);
  const oneShots = containers.filter(({ oneShot }) => oneShot).map(({ name }) => name);
  const limits = { timeoutSeconds: healthTimeoutSeconds, settleSeconds, oneShots };
  const starts = await withinLimit(healthTimeoutSeconds, () => docker.awaitHealthy(names, limits, watch));
  const fresh = created.filter(({ outcome }) => outcome === 'created').map(({ name }) => name);
  return {
    summary: `${names.join(', ')} healthy${fresh.length > 0 ? `, ${fresh.length} created from the capture` : ''}`,
    starts,
  };
}

/** Whether what was healthy once still is. Failures: ServiceUnhealthy, ServiceNotFound. */
export async function confirmHealth(
  { docker }: Dependencies,
  { arguments: { healthTimeoutSeconds }, starts = {} }: StepCall<'confirmHealth'>,
  watch: Watch,
): Promise<StepOutcome> {
  await docker.confirmHealthy(starts, { timeoutSeconds: healthTimeoutSeconds }, watch);
  const evidence = `${Object.keys(starts).length} containers run as they were started`;
  return { summary: evidence, checks: [passed('health', evidence)] };
}

export async function removeContainers(
  { docker }: Dependencies,
  { arguments: { containers } }: StepCall<'removeContainers'>,
): Promise<StepOutcome> {
  await docker.removeContainers(containers);
  return { summary: `Removed ${containers.join(', ')}` };
}

export async function createNetwork(dependencies: Dependencies, call: StepCall<'createNetwork'>): Promise<StepOutcome> {
  const { network, capture } = call.arguments;
  const { networks } = await captureFor(dependencies, call, capture);
  const wanted = networks.find(({ name }) => name === network);
  if (wanted) await dependencies.docker.createNetwork(wanted);
  return { summary: `Network ${network} is present` };
}

export async function createVolume(dependencies: Dependencies, call: StepCall<'createVolume'>): Promise<StepOutcome> {
  const { volume, capture } = call.arguments;
  const { volumes } = await captureFor(dependencies, call, capture);
  const wanted = volumes.find(({ name }) => name === volume);
  if (wanted) await dependencies.docker.createVolume(wanted);
  return { summary: `Volume ${volume} is present` };
}

export async function removeVolume(
  { docker }: Dependencies,
  { arguments: { volume } }: StepCall<'removeVolume'>,
): Promise<StepOutcome> {
  const { removed } = await docker.removeVolume(volume);
  return { summary: removed ? 'Removed' : 'It was gone already' };
}

async function captureFor(
  dependencies: Dependencies,
  call: StepCall<Action>,
  source: CaptureSource,
): Promise<DeploymentCapture> {
  const open = await openPlatform(dependencies, call.platform);
  return source === beforeRun ? readRecordedDeployment(open, quarantineOf(call)) : readCapture(open, source);
}
