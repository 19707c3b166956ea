import { outlineOf, type DeploymentCapture } from '../domain/deployment.ts';
import { Failure } from '../domain/failures.ts';
import type { Plan } from '../domain/plans/plan.ts';
import { planRollback } from '../domain/plans/plan-rollback.ts';
import type { QuarantineContent } from '../domain/runs/progress.ts';
import type { QuarantineInput, StepCall } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import type { QuarantinedVolume } from '../systems/docker/quarantine/list-quarantine.ts';
import { quarantinedFrom, quarantineFolder } from '../systems/docker/quarantine/quarantine.ts';
import { encrypt } from '../systems/encryption/age.ts';
import { activity } from './activity.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';
import { readRecordedDeployment, recordedDeployment } from '../operations/recovery-points/read-point.ts';
import { withHash } from '../operations/plan-hash.ts';

/** What the driver calls the run: people who start runs by hand reuse ids, so the execution belongs to the name. */
export function quarantineOf({ run, execution }: Pick<QuarantineInput, 'run' | 'execution'>): string {
  return `${run}~${execution.slice(0, 8)}`;
}

/** What a restore set aside: seen, planned back, let go. And what it records before its first stop. */
export function quarantineActivities(dependencies: Dependencies) {
  return {
    recordDeployment: activity(async (call: StepCall<'recordDeployment'>): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const owner = quarantineOf(call);
      // A repeated step finds what the first attempt saw: later some of it may be stopped.
      if ((await open.catalogue.findRunObject(owner, recordedDeployment)) === undefined) {
        const capture = await open.docker.capture(open.platform.deployment, open.host);
        const bytes = new TextEncoder().encode(JSON.stringify(capture));
        await open.catalogue.putRunObject(owner, recordedDeployment, await encrypt(bytes, await open.identity()));
      }
      return { summary: 'what runs now is recorded, encrypted: undo and rollback create it again' };
    }),

    /** The volumes that wait, by name, and how large they are. */
    readQuarantine: activity(async (input: QuarantineInput, { signal }): Promise<QuarantineContent> => {
      const open = await openPlatform(dependencies, input.platform);
      const volumes = await quarantinedVolumes(open, input, signal);
      const bytes = volumes.reduce((sum, volume) => sum + (volume.bytes ?? Number.NaN), 0);
      return { volumes: volumes.map(({ name }) => name), ...(!Number.isNaN(bytes) && { bytes }) };
    }),

    prepareRollback: activity(async (input: QuarantineInput, { signal }): Promise<Plan> => {
      const open = await openPlatform(dependencies, input.platform);
      const before = outlineOf(await readRecordedDeployment(open, quarantineOf(input)));
      // What a rollback put aside in its turn is not what it brings back.
      const quarantined = (await quarantinedVolumes(open, input, signal))
        .map(({ name }) => name)
        .filter((name) => name === quarantinedFrom(name));
      if (quarantined.length === 0)
        throw new Failure('InvalidArgument', {
          message: `${input.run} has nothing in quarantine on ${open.host} (any more)`,
          remedy: 'restore a recovery point instead: "rekindle points" lists them',
        });
      const { platform, fileHash: platformFileHash } = open;
      const observed = await open.docker.observe(platform.deployment, open.host);
      const image = await imageForVolumes(open, input);
      return withHash(planRollback({ platform, platformFileHash, observed, before, quarantined, image }));
    }),

    releaseQuarantine: activity(async (input: QuarantineInput, { signal }): Promise<void> => {
      const open = await openPlatform(dependencies, input.platform);
      const run = quarantineOf(input);
      const image = await imageForVolumes(open, input);
      const volumes = await quarantinedVolumes(open, input, signal);
      await open.docker.releaseQuarantine({
        run,
        volumes: [...new Set(volumes.map(({ name }) => quarantinedFrom(name)))],
        image,
        signal,
      });
      await open.catalogue.removeRunObjects(run);
    }),
  };
}

/** All that stands in the run's folder: volumes, and what took their place when they were brought back. */
async function quarantinedVolumes(
  open: OpenPlatform,
  input: QuarantineInput,
  signal: AbortSignal,
): Promise<QuarantinedVolume[]> {
  const task = { platform: input.platform, image: await imageForVolumes(open, input), signal };
  const entries = await open.docker.listQuarantine(task);
  const own = entries.find(({ folder }) => folder === quarantineFolder(quarantineOf(input)));
  return (own?.volumes ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** One that is on the host: a data service's own. Failure: ServiceNotFound. */
async function imageForVolumes(open: OpenPlatform, input: QuarantineInput): Promise<string> {
  const { data } = open.platform.deployment;
  const { containers } = await open.docker.observe(open.platform.deployment, open.host);
  const present = containers.find(({ service }) => data.includes(service));
  if (present) return present.image;
  const before: DeploymentCapture = await readRecordedDeployment(open, quarantineOf(input));
  const recorded = before.containers.find(({ service }) => data.includes(service));
  if (recorded) return recorded.image.digest;
  throw new Failure('ServiceNotFound', {
    message: `no data service of ${input.platform} is on ${open.host} or was recorded before ${input.run}`,
    remedy: 'mend deployment.data in the platform file',
  });
}
