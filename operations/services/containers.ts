import { passed } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import type { DeploymentCapture } from '../../domain/deployment.ts';
import { captureFor } from '../../domain/deployment-hosts.ts';
import { isFolder } from '../../domain/mounts.ts';
import { beforeRun, type CaptureSource } from '../../domain/plans/step-arguments.ts';
import type { Action, StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { sceneCapture } from '../drill/in-scene.ts';
import { secretsInScene, secretsOf } from '../drill/swarm-secrets.ts';
import { openPlatform, type Dependencies } from '../open-platform.ts';
import { quarantineOf, readRecordedDeployment } from '../quarantine/recorded-deployment.ts';
import { beginBootstrap } from '../stores/bootstrap.ts';
import { readCapture } from '../recovery-points/read-point.ts';
import { withinLimit } from '../time-limit.ts';

// Containers, volumes and networks of one host. They are named exactly, so the platform file is read only where
// a capture is needed: what was stopped can be started again even when the file was broken meanwhile.

/** Failure: ContainerFailed, for what was to be stopped gently and was killed, ended otherwise or is gone. */
export async function stopService(
  { docker }: Pick<Dependencies, 'docker'>,
  { arguments: { service, containers, graceSeconds, gently } }: Pick<StepCall<'stopService'>, 'arguments'>,
  watch: Watch,
): Promise<StepOutcome> {
  const stopped = await docker.stopContainers(containers, graceSeconds, watch);
  // 143 is SIGTERM, which a Java server answers by closing its files and then ends with.
  const hard = gently ? stopped.filter(({ exitCode }) => exitCode !== 0 && exitCode !== 143) : [];
  if (hard.length > 0)
    throw new Failure('ContainerFailed', {
      message: `${service} did not stop by itself within ${graceSeconds} s, so its data cannot be used as it is: ${hard.map(({ name, exitCode }) => `${name} ${exitCode === undefined ? 'is gone' : `exit code ${exitCode}`}`).join(', ')}`,
      remedy:
        'Raise deployment.stopGraceSeconds in the platform file, or drill.memory if it was killed for want of memory',
    });
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
  const { containers, capture, bootstrap, healthTimeoutSeconds, settleSeconds, stopGraceSeconds } = call.arguments;
  const names = containers.map(({ name }) => name);
  const create = async (source: CaptureSource) => {
    const captured = await captureOf(dependencies, call, source);
    return docker.createContainers(captured, names, { ...watch, secrets: await secretsFor(dependencies, call) });
  };
  let created = capture === undefined ? [] : await create(capture);
  const start = async () => {
    if (bootstrap) await beginBootstrap(docker, bootstrap);
    await docker.startContainers(containers, { ...watch, stopGraceSeconds });
  };
  try {
    await start();
  } catch (error) {
    if (capture !== undefined || !(error instanceof Failure) || error.kind !== 'ServiceNotFound') throw error;
    // Somebody removed it since the plan was made: the run recorded it before its first stop.
    created = await create(beforeRun).catch(() => {
      throw error;
    });
    await start();
  }
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
  const { networks } = await captureOf(dependencies, call, capture);
  const wanted = networks.find(({ name }) => name === network);
  if (wanted) await dependencies.docker.createNetwork(wanted);
  return { summary: `Network ${network} is present` };
}

export async function createVolume(dependencies: Dependencies, call: StepCall<'createVolume'>): Promise<StepOutcome> {
  const { volume, capture } = call.arguments;
  const { volumes, containers } = await captureOf(dependencies, call, capture);
  // Nodes of a swarm may each have had one of that name.
  const named = volumes.filter(({ name }) => name === volume);
  const wanted = named.find(({ host }) => host === call.arguments.host) ?? named[0];
  if (wanted === undefined) return { summary: `${volume} is not in the capture` };
  if (!isFolder(volume)) {
    await dependencies.docker.createVolume(wanted);
    return { summary: `Volume ${volume} is present` };
  }
  // Preflight has brought the images here.
  const user = containers.find(({ mounts }) => mounts.some(({ source }) => source === volume));
  const image = user?.image.digest ?? '';
  await dependencies.docker.createFolder(wanted, { run: quarantineOf(call), image });
  return { summary: `Folder ${volume} is present` };
}

export async function removeVolume(
  { docker }: Dependencies,
  call: StepCall<'removeVolume'>,
  { signal }: Watch,
): Promise<StepOutcome> {
  const { volume, image } = call.arguments;
  if (isFolder(volume)) {
    await docker.emptyFolder({ folder: volume, image, run: quarantineOf(call), signal });
    return { summary: 'Emptied' };
  }
  const { removed } = await docker.removeVolume(volume);
  return { summary: removed ? 'Removed' : 'It was gone already' };
}

async function captureOf(
  dependencies: Dependencies,
  call: StepCall<Action>,
  source: CaptureSource,
): Promise<DeploymentCapture> {
  const opened = await openPlatform(dependencies, call.platform);
  const open = call.places ? opened.place(call.places, dependencies.environment.host) : opened;
  const capture = await (source === beforeRun ? readRecordedDeployment(open, call) : readCapture(open, source));
  const { scene } = call;
  if (scene) {
    const { platform, docker } = open;
    const secrets = await secretsOf(open, secretsInScene(capture, { platform, scene }));
    return sceneCapture(capture, { platform, scene, ways: await docker.listWays(scene), secrets });
  }
  return captureFor(open.platform, capture, open.host);
}

/** Values of all Swarm secrets that the platform file refers to, by name; none are wanted in a scene. Failure: MissingSecret. */
async function secretsFor(dependencies: Dependencies, call: StepCall<Action>): Promise<Record<string, string>> {
  if (call.scene) return {};
  const open = await openPlatform(dependencies, call.platform);
  const { deployment } = open.platform;
  return deployment.kind === 'swarm' ? secretsOf(open, Object.keys(deployment.secrets)) : {};
}
