import { findHelperImage, outlineOf } from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import { deploymentOn, hostOf } from '../../domain/hosts.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { planRollback } from '../../domain/plans/plan-rollback.ts';
import type { HostName } from '../../domain/platform.ts';
import type { QuarantineContent } from '../../domain/runs/progress.ts';
import type { MovedInput, QuarantineInput } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { quarantinedFrom, quarantineFolder } from '../../systems/docker/quarantine/quarantine.ts';
import { isNode, observeHere, otherHosts } from '../hosts/observe-here.ts';
import { observeHosts } from '../hosts/observe-hosts.ts';
import type { HostQuarantine } from '../hosts/questions.ts';
import { basedOn, currentBases } from '../repository/bases.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withHash } from '../with-hash.ts';
import { imageHere, quarantineOf, readRecordedDeployment } from './recorded-deployment.ts';

// What a restore set aside, as a whole and on whatever host: listed, brought back, released.

/** What lies in the run's folder: volumes, what took their place when they were brought back, and their size if known. */
export async function readQuarantine(
  open: OpenPlatform,
  input: QuarantineInput,
  watch: Watch,
): Promise<QuarantineContent> {
  const parts = await readParts(open, input, watch);
  const volumes = parts.flatMap(({ host, ...part }) =>
    part.volumes.map(({ name, bytes }) => ({ name: host === open.host ? name : `${name} on ${host}`, bytes })),
  );
  const bytes = volumes.reduce((sum, volume) => sum + (volume.bytes ?? Number.NaN), 0);
  return { volumes: volumes.map(({ name }) => name), ...(!Number.isNaN(bytes) && { bytes }) };
}

/** Whether the run has taken data from where its service looks for it: set aside or removed. */
export async function isDataMoved(open: OpenPlatform, input: MovedInput, watch: Watch): Promise<boolean> {
  const { volumesElsewhere = {}, ...own } = input;
  const others = hostsWithData(open, input).filter((host) => host !== open.host);
  const answers = await Promise.all([
    isDataMovedHere(open, own, watch),
    ...others.map((host) => open.ask(host, 'isDataMoved', { ...own, volumes: volumesElsewhere[host] ?? [] }, watch)),
  ]);
  return answers.includes(true);
}

export async function isDataMovedHere(open: OpenPlatform, input: MovedInput, watch: Watch): Promise<boolean> {
  const there = await open.docker.presentVolumes(input.volumes);
  if (there.length < input.volumes.length) return true;
  return (
    hostsWithData(open, input).includes(open.host) && (await readQuarantineHere(open, input, watch)).volumes.length > 0
  );
}

/** Failure: InvalidArgument when nothing is in quarantine (any more). */
export async function prepareRollback(open: OpenPlatform, input: QuarantineInput, watch: Watch): Promise<Plan> {
  const before = outlineOf(await readRecordedDeployment(open, input));
  const parts = await readParts(open, input, watch);
  if (parts.every(({ volumes }) => volumes.length === 0))
    throw new Failure('InvalidArgument', {
      message: `${input.run} has nothing in quarantine on ${parts.map(({ host }) => host).join(', ')} (any more)`,
      remedy: 'Restore a recovery point instead: "rekindle points" lists them',
    });
  // What an earlier rollback set aside in its turn is not brought back; services that it did not start are started.
  const quarantined = parts.map(({ host, image, volumes }) => ({
    host,
    image,
    volumes: volumes.map(({ name }) => name).filter((name) => name === quarantinedFrom(name)),
  }));
  const own = quarantined.find(({ host }) => host === open.host) ?? { volumes: [], image: '' };
  // Repositories that the restored cluster wrote to are registered again, and these are the newest ones.
  const { platform, fileHash: platformFileHash } = basedOn(open, await currentBases(open));
  const { observed } = await observeHosts(open, watch);
  return withHash(
    planRollback({
      platform,
      platformFileHash,
      observed,
      before,
      quarantined: own.volumes,
      image: own.image,
      elsewhere: quarantined.filter(({ host }) => host !== open.host),
    }),
  );
}

export async function releaseQuarantine(open: OpenPlatform, input: QuarantineInput, watch: Watch): Promise<void> {
  await Promise.all(
    hostsWithData(open, input).map((host) =>
      host === open.host ? releaseHere(open, input, watch) : open.ask(host, 'releaseQuarantine', input, watch),
    ),
  );
  // What a catalogue that is away keeps is removed by the next prune.
  await open.catalogue.removeRunObjects(quarantineOf(input)).catch(() => undefined);
}

export async function releaseHere(open: OpenPlatform, input: QuarantineInput, { signal }: Watch): Promise<null> {
  const run = quarantineOf(input);
  const { image, volumes } = await readQuarantineHere(open, input, { signal });
  const names = volumes.map(({ name }) => quarantinedFrom(name));
  await open.docker.releaseQuarantine({ run, volumes: [...new Set(names)], image, signal });
  return null;
}

/** Sorted by name. Failure: ServiceNotFound. */
export async function readQuarantineHere(
  open: OpenPlatform,
  input: QuarantineInput,
  { signal }: Watch,
): Promise<HostQuarantine> {
  const image = await helperImage(open, input);
  const entries = await open.docker.listQuarantine({ platform: input.platform, image, signal });
  const own = entries.find(({ folder }) => folder === quarantineFolder(quarantineOf(input)));
  return { image, volumes: (own?.volumes ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

function readParts(
  open: OpenPlatform,
  input: QuarantineInput,
  watch: Watch,
): Promise<(HostQuarantine & { host: HostName })[]> {
  return Promise.all(
    hostsWithData(open, input).map(async (host) => {
      const here = host === open.host;
      const part = here ? readQuarantineHere(open, input, watch) : open.ask(host, 'quarantine', input, watch);
      return { host, ...(await part) };
    }),
  );
}

/** Only where data services lie anything was ever set aside; elsewhere no image is known to look with. */
function hostsWithData(
  open: OpenPlatform,
  { image, images = {} }: Pick<QuarantineInput, 'image' | 'images'>,
): HostName[] {
  const { platform, host } = open;
  if (isNode(open)) return [host];
  const others = otherHosts(open);
  // On Swarm services may lie on other nodes by now than when their data was set aside: the run's images say where.
  const then = platform.deployment.kind === 'swarm' ? Object.keys(images).filter((other) => other !== host) : [];
  if (others.length + then.length === 0) return [host];
  const carries = (each: HostName) =>
    (each === host && image !== undefined && then.length > 0) ||
    then.includes(each) ||
    platform.deployment.data.some((service) => (hostOf(platform, service) ?? host) === each);
  return [...new Set([host, ...others, ...then])].filter(carries);
}

/** Failure: ServiceNotFound. */
async function helperImage(open: OpenPlatform, input: QuarantineInput): Promise<string> {
  const { platform, host } = open;
  const deployment = deploymentOn(platform.deployment, host);
  const observed = await observeHere(open);
  const image =
    findHelperImage(deployment, observed) ??
    imageHere(open, input) ??
    findHelperImage(deployment, observed, await readRecordedDeployment(open, input));
  if (image !== undefined) return image;
  throw new Failure('ServiceNotFound', {
    message: `No data service of ${input.platform} is on ${host} or was recorded before ${input.run}`,
    remedy: 'Correct deployment.data in the platform file',
  });
}
