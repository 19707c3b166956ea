import { failed, passed, type Check } from '../domain/checks.ts';
import type { DeploymentCapture } from '../domain/deployment.ts';
import type { StepCall } from '../domain/runs/run.ts';
import { beforeRun, type Action, type CaptureSource, type StepOutcome } from '../domain/plans/steps.ts';
import type { Inventory } from '../systems/docker/quarantine/quarantine.ts';
import { activity } from './activity.ts';
import { withinLimit } from '../operations/time-limit.ts';
import { openPlatform, type Dependencies } from '../operations/open-platform.ts';
import { quarantineOf } from './quarantine.ts';
import { readCapture, readRecordedDeployment } from '../operations/recovery-points/read-point.ts';

/** Containers, volumes and networks of the platform's host. */
export function dockerActivities(dependencies: Dependencies) {
  const { docker } = dependencies;
  const captureFor = async (call: StepCall<Action>, source: CaptureSource): Promise<DeploymentCapture> => {
    const open = await openPlatform(dependencies, call.platform);
    return source === beforeRun ? readRecordedDeployment(open, quarantineOf(call)) : readCapture(open, source);
  };

  return {
    stopService: activity(async ({ arguments: args }: StepCall<'stopService'>, watch): Promise<StepOutcome> => {
      const stopped = await docker.stopContainers(args.containers, args.graceSeconds, watch);
      const words = stopped.map(
        (stop) => `${stop.name} ${'exitCode' in stop ? `exit code ${String(stop.exitCode)}` : stop.outcome}`,
      );
      return { summary: words.join(', ') };
    }),

    startService: activity(async (call: StepCall<'startService'>, watch): Promise<StepOutcome> => {
      const { containers, capture, healthTimeoutSeconds, settleSeconds } = call.arguments;
      const names = containers.map(({ name }) => name);
      const created =
        capture === undefined ? [] : await docker.createContainers(await captureFor(call, capture), names, watch);
      await docker.startContainers(containers, watch);
      await withinLimit(healthTimeoutSeconds, () =>
        docker.awaitHealthy(names, { timeoutSeconds: healthTimeoutSeconds, settleSeconds }, watch),
      );
      const fresh = created.filter(({ outcome }) => outcome === 'created').map(({ name }) => name);
      return {
        summary: `${names.join(', ')} healthy${fresh.length > 0 ? `, ${fresh.length} created from the capture` : ''}`,
      };
    }),

    removeContainers: activity(async ({ arguments: args }: StepCall<'removeContainers'>): Promise<StepOutcome> => {
      await docker.removeContainers(args.containers);
      return { summary: `removed ${args.containers.join(', ')}` };
    }),

    createNetwork: activity(async (call: StepCall<'createNetwork'>): Promise<StepOutcome> => {
      const wanted = (await captureFor(call, call.arguments.capture)).networks.find(
        ({ name }) => name === call.arguments.network,
      );
      if (wanted) await docker.createNetwork(wanted);
      return { summary: `network ${call.arguments.network} is there` };
    }),

    createVolume: activity(async (call: StepCall<'createVolume'>): Promise<StepOutcome> => {
      const wanted = (await captureFor(call, call.arguments.capture)).volumes.find(
        ({ name }) => name === call.arguments.volume,
      );
      if (wanted) await docker.createVolume(wanted);
      return { summary: `volume ${call.arguments.volume} is there` };
    }),

    quarantineVolume: activity(async (call: StepCall<'quarantineVolume'>, { signal }): Promise<StepOutcome> => {
      const { volume, image } = call.arguments;
      const { path, inventory } = await docker.quarantineVolume({
        volume,
        image,
        run: quarantineOf(call),
        signal,
      });
      return { summary: `kept in ${path}${inventory ? `: ${inventory.files} files, ${inventory.bytes} bytes` : ''}` };
    }),

    returnVolume: activity(async (call: StepCall<'returnVolume'>, { signal }): Promise<StepOutcome> => {
      const { volume, image } = call.arguments;
      const { recorded, found } = await docker.returnVolume({ volume, image, run: quarantineOf(call), signal });
      const check = asRecorded(volume, recorded, found);
      return { summary: `${volume} holds its former data again, ${check.evidence}`, checks: [check] };
    }),

    removeVolume: activity(async ({ arguments: args }: StepCall<'removeVolume'>): Promise<StepOutcome> => {
      const { removed } = await docker.removeVolume(args.volume);
      return { summary: removed ? 'removed' : 'was gone already' };
    }),
  };
}

/** Whether what came back is what was moved aside, as far as names and sizes tell. */
function asRecorded(volume: string, recorded: Inventory | undefined, found: Inventory | undefined): Check {
  const name = `quarantine ${volume}`;
  const figures = ({ files, bytes }: Inventory) => `${files} files, ${bytes} bytes`;
  if (recorded === undefined || found === undefined)
    return passed(name, 'brought back; it was too large to be listed, or was back already');
  if (recorded.checksum === found.checksum) return passed(name, `as it was: ${figures(found)}`);
  return failed(
    name,
    `not as it was: ${figures(recorded)} went aside, ${figures(found)} came back`,
    'somebody changed what lay in quarantine: compare it with a recovery point',
  );
}
