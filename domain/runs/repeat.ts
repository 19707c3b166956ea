import { inOrder, type Plan } from '../plans/plan.ts';
import type { Action, Step, StepId } from '../plans/steps.ts';
import type { ContainerReference } from '../plans/step-arguments.ts';
import type { HostName, PlatformName, VolumeName } from '../platform.ts';
import { volumesByHost, type VolumesElsewhere } from './volumes-by-host.ts';

// What a retry does first: what earlier steps had made and is gone by now is made anew.

export interface MadeByRun {
  platform: PlatformName;
  /** Without a host: on the platform's own. */
  services: { step: StepId; containers: ContainerReference[]; host?: HostName }[];
  volumes: VolumeName[];
  /** Volumes of other hosts; absent: there are none. */
  volumesElsewhere?: VolumesElsewhere;
}

export interface GoneSince {
  /** Steps whose containers were removed, or ended though they are to run. */
  steps: StepId[];
  /** A volume was removed as well, and its data with it. */
  data: boolean;
}

/** Without lost data only these follow a container that is made anew: what it holds is still there. */
const reachesAgain: ReadonlySet<Action> = new Set(['startService', 'awaitStore', 'configureRepository']);

/**
 * The steps that this one waits for, directly or not, in their order. Not those of a scene: its servers have ended on purpose, and their
 * data serves in place by now.
 */
export function earlierSteps(plan: Pick<Plan, 'steps'>, step: Step): Step[] {
  const ids = closure(plan.steps, [step.id]);
  return inOrder(plan.steps).filter(({ id, scene }) => scene !== true && id !== step.id && ids.has(id));
}

/** What is known on the engine by name of what these steps made. */
export function madeBy(plan: Pick<Plan, 'platform' | 'volumes'>, steps: readonly Step[]): MadeByRun {
  const volumes = [
    ...plan.volumes,
    ...steps.flatMap((step) =>
      step.action === 'createVolume' ? [{ name: step.arguments.volume, host: step.host }] : [],
    ),
  ];
  const { here, elsewhere } = volumesByHost(volumes);
  return {
    platform: plan.platform,
    services: steps.flatMap((step) =>
      step.action === 'startService'
        ? [
            {
              step: step.id,
              containers: step.arguments.containers,
              ...(step.host !== undefined && { host: step.host }),
            },
          ]
        : [],
    ),
    volumes: here,
    ...(elsewhere && { volumesElsewhere: elsewhere }),
  };
}

/** Of `earlier`, in their order: those to be carried out again. */
export function stepsToRepeat(earlier: readonly Step[], { steps, data }: GoneSince): Step[] {
  return earlier.filter((step) => {
    if (steps.includes(step.id)) return true;
    if (!data && !reachesAgain.has(step.action)) return false;
    const before = closure(earlier, [step.id]);
    return steps.some((id) => before.has(id));
  });
}

function closure(steps: readonly Step[], from: StepId[]): Set<StepId> {
  const seen = new Set<StepId>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(steps.find((step) => step.id === id)?.after ?? []));
  }
  return seen;
}
