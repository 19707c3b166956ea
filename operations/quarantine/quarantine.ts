import { findHelperImage, outlineOf } from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { planRollback } from '../../domain/plans/plan-rollback.ts';
import type { QuarantineContent } from '../../domain/runs/progress.ts';
import type { MovedInput, QuarantineInput } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import type { QuarantinedVolume } from '../../systems/docker/quarantine/list-quarantine.ts';
import { quarantinedFrom, quarantineFolder } from '../../systems/docker/quarantine/quarantine.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withHash } from '../with-hash.ts';
import { quarantineOf, readRecordedDeployment } from './recorded-deployment.ts';

// What a restore set aside, as a whole: listed, brought back, released.

/** What lies in the run's folder: volumes, what took their place when they were brought back, and their size if known. */
export async function readQuarantine(
  open: OpenPlatform,
  input: QuarantineInput,
  watch: Watch,
): Promise<QuarantineContent> {
  const volumes = await quarantinedVolumes(open, input, watch);
  const bytes = volumes.reduce((sum, volume) => sum + (volume.bytes ?? Number.NaN), 0);
  return { volumes: volumes.map(({ name }) => name), ...(!Number.isNaN(bytes) && { bytes }) };
}

/** Whether the run has taken data from where its service looks for it: set aside or removed. */
export async function isDataMoved(open: OpenPlatform, input: MovedInput, watch: Watch): Promise<boolean> {
  const there = await open.docker.presentVolumes(input.volumes);
  return there.length < input.volumes.length || (await quarantinedVolumes(open, input, watch)).length > 0;
}

/** Failure: InvalidArgument when nothing is in quarantine (any more). */
export async function prepareRollback(open: OpenPlatform, input: QuarantineInput, watch: Watch): Promise<Plan> {
  const before = outlineOf(await readRecordedDeployment(open, input));
  // What an earlier rollback set aside in its turn is not brought back; services that it did not start are started.
  const { volumes } = await readQuarantine(open, input, watch);
  const quarantined = volumes.filter((name) => name === quarantinedFrom(name));
  if (volumes.length === 0)
    throw new Failure('InvalidArgument', {
      message: `${input.run} has nothing in quarantine on ${open.host} (any more)`,
      remedy: 'Restore a recovery point instead: "rekindle points" lists them',
    });
  const { platform, fileHash: platformFileHash } = open;
  const observed = await open.docker.observe(platform.deployment, open.host);
  const image = await helperImage(open, input);
  return withHash(planRollback({ platform, platformFileHash, observed, before, quarantined, image }));
}

export async function releaseQuarantine(open: OpenPlatform, input: QuarantineInput, { signal }: Watch): Promise<void> {
  const run = quarantineOf(input);
  const image = await helperImage(open, input);
  const { volumes } = await readQuarantine(open, input, { signal });
  await open.docker.releaseQuarantine({ run, volumes: [...new Set(volumes.map(quarantinedFrom))], image, signal });
  // What a catalogue that is away keeps is removed by the next prune.
  await open.catalogue.removeRunObjects(run).catch(() => undefined);
}

/** Sorted by name. */
async function quarantinedVolumes(
  open: OpenPlatform,
  input: QuarantineInput,
  { signal }: Watch,
): Promise<QuarantinedVolume[]> {
  const task = { platform: input.platform, image: await helperImage(open, input), signal };
  const entries = await open.docker.listQuarantine(task);
  const own = entries.find(({ folder }) => folder === quarantineFolder(quarantineOf(input)));
  return (own?.volumes ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Failure: ServiceNotFound. */
async function helperImage(open: OpenPlatform, input: QuarantineInput): Promise<string> {
  const { deployment } = open.platform;
  const observed = await open.docker.observe(deployment, open.host);
  const image =
    findHelperImage(deployment, observed) ??
    input.image ??
    findHelperImage(deployment, observed, await readRecordedDeployment(open, input));
  if (image !== undefined) return image;
  throw new Failure('ServiceNotFound', {
    message: `No data service of ${input.platform} is on ${open.host} or was recorded before ${input.run}`,
    remedy: 'Correct deployment.data in the platform file',
  });
}
