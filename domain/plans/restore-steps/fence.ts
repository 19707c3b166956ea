import { servicesInStopOrder, type HostName, type ServiceName } from '../../platform.ts';
import { suffixOf } from './graph.ts';
import type { FencedMoment } from '../step-arguments.ts';
import type { Step, StepId } from '../steps.ts';
import { onEachHost, type RestoreSituation } from './situation.ts';

/**
 * The plan's steps with a fence at each moment from which on a writer would do harm: before the first data moves, before
 * indices are restored, and before core starts. Each fence waits for what the steps behind it waited for.
 */
export function withFences(situation: RestoreSituation, steps: readonly Step[]): Step[] {
  const { core, alsoStop } = situation.platform.deployment;
  const [firstUser] = [...core, ...alsoStop.toReversed()];
  return fences.reduce<Step[]>(
    (fenced, { before, holdsBack }) =>
      fencedBefore(situation, fenced, before, (step) => holdsBack(step, `start-${firstUser ?? ''}`)),
    [...steps],
  );
}

const fences: { before: FencedMoment; holdsBack: (step: Step, firstUser: StepId) => boolean }[] = [
  { before: 'data moves', holdsBack: ({ destructive }) => destructive === true },
  { before: 'indices are restored', holdsBack: ({ action }) => action === 'restoreIndices' },
  { before: 'core starts', holdsBack: ({ id }, firstUser) => id === firstUser },
];

function fencedBefore(
  situation: RestoreSituation,
  steps: Step[],
  before: FencedMoment,
  holdsBack: (step: Step) => boolean,
): Step[] {
  const behind = steps.filter(holdsBack);
  if (behind.length === 0) return steps;
  const dataMoves = before === 'data moves';
  const after = [...new Set(behind.flatMap((step) => step.after))];
  const guards = onEachHost(situation, (there, at): Step[] => {
    const fenced = fencedOn(situation, there, at, steps, dataMoves);
    // Another host of which neither a container nor a network is known has nothing to keep anybody out of.
    if (at.host !== undefined && fenced.containers.length + fenced.networks.length === 0) return [];
    return [
      {
        id: `fence-before-${before.replaceAll(' ', '-')}${suffixOf(at)}`,
        action: 'fence',
        ...at,
        arguments: { before, ...fenced },
        after,
        // Past the point of no return a person may know that the other container only reads.
        ...(dataMoves ? { asks: true } : { skippable: true }),
      },
    ];
  });
  const guarded = guards.map(({ id }) => id);
  return [...steps.map((step) => (behind.includes(step) ? { ...step, after: guarded } : step)), ...guards];
}

/** A manager keeps all services of a swarm out, and each node the containers that are no service's. */
function fencedOn(
  whole: RestoreSituation,
  there: RestoreSituation,
  { host }: { host?: HostName },
  steps: Step[],
  dataMoves: boolean,
): ReturnType<typeof fencedOf> & { node?: true } {
  if (whole.platform.deployment.kind !== 'swarm') return fencedOf(there, steps, dataMoves);
  const fenced = fencedOf(host === undefined ? whole : there, steps, dataMoves);
  if (host === undefined) return fenced;
  const allowed = there.observed.otherContainers.map(({ container }) => container);
  return { ...fenced, containers: [], allowed, node: true };
}

/** Containers that the plan starts: there already, or still to be created from the capture. */
function startedBy(steps: Step[], services: readonly ServiceName[]): string[] {
  return steps.flatMap((step) =>
    step.action === 'startService' && services.includes(step.arguments.service)
      ? step.arguments.containers.map(({ name }) => name)
      : [],
  );
}

/** Of one host: while data moves nothing of the platform may run; later only the data services that the plan has started. */
function fencedOf({ platform, observed, capture }: RestoreSituation, steps: Step[], dataMoves: boolean) {
  const { data, stopGraceSeconds: graceSeconds } = platform.deployment;
  const services = servicesInStopOrder(platform);
  const running = dataMoves ? [] : startedBy(steps, data);
  const present = observed.containers.filter(({ service }) => services.includes(service));
  const all = new Set([...present.map(({ name }) => name), ...startedBy(steps, services)]);
  const networks = [...observed.containers, ...capture.containers]
    .filter(({ service }) => data.includes(service))
    .flatMap((container) => container.networks);
  return {
    containers: [...all].filter((name) => !running.includes(name)).toSorted(),
    allowed: [
      ...running.toSorted(),
      // Preflight has accepted them, or there is no restore.
      ...observed.otherContainers.map(({ container }) => container),
    ],
    networks: [...new Set(networks)].filter((name) => name !== 'host' && name !== 'none').toSorted(),
    graceSeconds,
  };
}
