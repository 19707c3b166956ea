import type { ServiceSpec as CreatedSpec } from 'dockerode';
import type Docker from 'dockerode';
import type { CapturedConfig, CapturedContainer, DeploymentCapture } from '../../../domain/deployment.ts';
import { Failure } from '../../../domain/failures.ts';
import { serviceOfUnit } from '../../../domain/swarm.ts';
import type { Watch } from '../../../domain/watch.ts';
import { pause } from '../../pause.ts';
import type { Creation } from '../capture/create.ts';
import { putBackFiles } from '../capture/captured-files.ts';
import { statusOf, unless, wordsOf } from '../failures.ts';
import { ensureImage } from '../images.ts';
import { createNetwork } from '../networks.ts';
import { createVolume } from '../volumes.ts';
import { specFor, type Names } from './portable-spec.ts';
import { asManager, findService, refused } from './service.ts';
import { stoppedSpec } from './stopped-mark.ts';

/**
 * Creates the named services of the capture that are missing, with the networks, volumes, configs and files that they hang
 * on, and starts none: each is created stopped, and its start gives it its replicas. `secrets`: values of Swarm secrets that
 * are to be created where they are missing, by name. A network that was removed a moment ago is waited for: its engine shows
 * it until its last task has ended, and the swarm knows it no more.
 * Failures: `ImageMissing`; `ContainerFailed` when the swarm refuses one, a secret is missing, or a network does not go.
 */
export async function createServices(
  docker: Docker,
  capture: DeploymentCapture,
  units: string[],
  watch: Watch & { secrets?: Record<string, string> } = {},
): Promise<Creation[]> {
  const creations: Creation[] = [];
  for (const unit of units) {
    watch.signal?.throwIfAborted();
    const captured = capture.containers.find(({ name }) => name === unit);
    if (captured?.spec === undefined) throw notCaptured(unit);
    creations.push({ name: unit, outcome: await createService(docker, captured, capture, watch) });
    watch.onProgress?.({ done: creations.length, total: units.length, unit: 'containers', note: unit });
  }
  return creations;
}

async function createService(
  docker: Docker,
  captured: CapturedContainer,
  { networks, volumes, files, configs = [] }: DeploymentCapture,
  watch: Watch & { secrets?: Record<string, string> },
): Promise<Creation['outcome']> {
  const service = serviceOfUnit(captured.name) ?? captured.name;
  const { needs = { secrets: [], configs: [] } } = captured;
  if ((await findService(docker, service)) !== undefined) return 'present';
  const image = await ensureImage(docker, captured.image, watch);
  await putBackFiles(docker, captured, files, image);
  for (const volume of volumes.filter(({ name }) => captured.volumes.includes(name)))
    await createVolume(docker, volume);
  const wanted = new Set(needs.configs);
  await createConfigs(
    docker,
    configs.filter(({ name }) => wanted.has(name)),
  );
  await createSecrets(docker, needs.secrets, watch.secrets ?? {});
  const own = networks.filter(({ name }) => captured.networks.includes(name));
  const deadline = performance.now() + networkSeconds * 1000;
  for (;;) {
    for (const network of own) await createNetwork(docker, network);
    const { spec, missing } = specFor(captured.spec ?? {}, await idsOf(docker));
    // A network may have gone right after it was found: then it is made in the next round.
    const wentJustNow = missing.length > 0 && missing.every((one) => own.some(({ name }) => one === `network ${name}`));
    if (wentJustNow && performance.now() < deadline) continue;
    if (missing.length > 0) throw lacks(service, missing);
    if (spec.TaskTemplate.ContainerSpec) spec.TaskTemplate.ContainerSpec.Image = imageFor(captured, image);
    try {
      const body = (stoppedSpec(spec) ?? spec) as unknown as CreatedSpec;
      // 409: another attempt was faster.
      await asManager(() => unless([409], docker.createService(body)));
      return 'created';
    } catch (error) {
      if (!isGoing(error)) throw refused(service, 'create', error);
      if (performance.now() > deadline) throw doesNotGo(service, captured.networks, error);
      await pause(1000, watch.signal);
    }
  }
}

/** Seconds that a network may take to go: the longest grace that tasks usually have, and some. */
const networkSeconds = 120;

/** The engine listed the network, and the swarm does not know it; the status is 500 where the engine has no better one. */
const isGoing = (error: unknown) =>
  [404, 500].includes(statusOf(error) ?? 0) && /network .*not found/i.test(wordsOf(error));

/** By its reference, which `docker stack deploy` compares, where that stands for the image. */
function imageFor({ image: { reference } }: CapturedContainer, here: string): string {
  return here === reference ? reference : here;
}

/** Ids by name. */
async function idsOf(docker: Docker): Promise<Names> {
  const [networks, secrets, configs] = await Promise.all([
    docker.listNetworks(),
    docker.listSecrets(),
    docker.listConfigs(),
  ]);
  const named = (all: unknown[]) =>
    new Map((all as { ID: string; Spec: { Name: string } }[]).map(({ ID, Spec }) => [Spec.Name, ID]));
  return {
    networks: new Map(networks.map(({ Name, Id }) => [Name, Id])),
    secrets: named(secrets),
    configs: named(configs),
  };
}

async function createConfigs(docker: Docker, configs: CapturedConfig[]): Promise<void> {
  for (const { name, labels, templating, contentBase64 } of configs)
    await unless(
      [409],
      docker.createConfig({
        Name: name,
        Labels: labels,
        Data: contentBase64,
        ...(templating && { Templating: templating }),
      }),
    );
}

/** One that is there stays as it is, whatever its value. */
async function createSecrets(docker: Docker, names: string[], values: Record<string, string>): Promise<void> {
  for (const name of names.filter((each) => values[each] !== undefined))
    await unless(
      [409],
      docker.createSecret({
        Name: name,
        Labels: {},
        Data: Buffer.from(values[name] ?? '').toString('base64'),
      }),
    );
}

function lacks(service: string, missing: string[]): Failure {
  return new Failure('ContainerFailed', {
    message: `The service ${service} cannot be created: the swarm has no ${missing.join(', no ')}`,
    remedy: `Create each by its name (docker secret create NAME FILE, docker config create NAME FILE, docker network create), or name the secrets' values in deployment.secrets of the platform file; then retry`,
  });
}

function doesNotGo(service: string, networks: string[], error: unknown): Failure {
  return new Failure(
    'ContainerFailed',
    {
      message: `The service ${service} cannot be created: one of its networks (${networks.join(', ')}) was removed and has not gone within ${networkSeconds} s: ${wordsOf(error)}`,
      remedy: `See which container still uses it (docker network inspect ${networks[0] ?? ''}), end it (docker rm --force CONTAINER), then retry`,
    },
    { cause: error },
  );
}

function notCaptured(unit: string): Failure {
  return new Failure('CaptureUnreadable', {
    message: `The deployment capture holds no ${unit}`,
    remedy: 'Choose a recovery point whose capture holds it, or deploy its stack (docker stack deploy)',
  });
}
