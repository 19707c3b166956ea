import type { DeploymentCapture } from '../domain/deployment.ts';
import type { StepCall } from '../domain/run.ts';
import type { StepOutcome } from '../domain/steps.ts';
import type { Inventory } from '../systems/docker/quarantine.ts';
import { activity } from './activity.ts';
import { withinLimit } from './failures.ts';
import { openPlatform, type Dependencies } from './open-platform.ts';
import { readCapture } from './recovery-points.ts';

/** Containers, volumes and networks of the platform's host. */
export function dockerActivities(dependencies: Dependencies) {
  const { docker } = dependencies;
  const capture = async (call: {
    platform: string;
    arguments: { recoveryPoint: string };
  }): Promise<DeploymentCapture> =>
    readCapture(await openPlatform(dependencies, call.platform), call.arguments.recoveryPoint);

  return {
    stopService: activity(async ({ arguments: args }: StepCall<'stopService'>, watch): Promise<StepOutcome> => {
      const stopped = await docker.stopContainers(args.containers, args.graceSeconds, watch);
      const words = stopped.map(
        (stop) => `${stop.name} ${'exitCode' in stop ? `exit code ${String(stop.exitCode)}` : stop.outcome}`,
      );
      return { summary: words.join(', ') };
    }),

    startService: activity(async (call: StepCall<'startService'>, watch): Promise<StepOutcome> => {
      const { containers, recoveryPoint, healthTimeoutSeconds, settleSeconds } = call.arguments;
      const names = containers.map(({ name }) => name);
      const created =
        recoveryPoint === undefined
          ? []
          : await docker.createContainers(await capture({ ...call, arguments: { recoveryPoint } }), names, watch);
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
      const wanted = (await capture(call)).networks.find(({ name }) => name === call.arguments.network);
      if (wanted) await docker.createNetwork(wanted);
      return { summary: `network ${call.arguments.network} is there` };
    }),

    createVolume: activity(async (call: StepCall<'createVolume'>): Promise<StepOutcome> => {
      const wanted = (await capture(call)).volumes.find(({ name }) => name === call.arguments.volume);
      if (wanted) await docker.createVolume(wanted);
      return { summary: `volume ${call.arguments.volume} is there` };
    }),

    quarantineVolume: activity(async (call: StepCall<'quarantineVolume'>, { signal }): Promise<StepOutcome> => {
      const { volume, image } = call.arguments;
      const { path, inventory } = await docker.quarantineVolume({
        volume,
        image,
        run: `${call.run}~${call.execution.slice(0, 8)}`,
        signal,
      });
      return { summary: `kept in ${path}${inventory ? `: ${inventory.files} files, ${inventory.bytes} bytes` : ''}` };
    }),

    returnVolume: activity(async (call: StepCall<'returnVolume'>, { signal }): Promise<StepOutcome> => {
      const { volume, image } = call.arguments;
      const run = `${call.run}~${call.execution.slice(0, 8)}`;
      const { recorded, found } = await docker.returnVolume({ volume, image, run, signal });
      return { summary: `${volume} holds its former data again${compared(recorded, found)}` };
    }),

    removeVolume: activity(async ({ arguments: args }: StepCall<'removeVolume'>): Promise<StepOutcome> => {
      const { removed } = await docker.removeVolume(args.volume);
      return { summary: removed ? 'removed' : 'was gone already' };
    }),
  };
}

/** How the data that came back compares with what was moved aside; nothing when that is not known. */
function compared(recorded: Inventory | undefined, found: Inventory | undefined): string {
  if (recorded === undefined || found === undefined) return '';
  const figures = ({ files, bytes }: Inventory) => `${files} files, ${bytes} bytes`;
  return recorded.checksum === found.checksum
    ? `, as it was: ${figures(found)}`
    : `, but not as it was: ${figures(recorded)} went aside, ${figures(found)} came back`;
}
