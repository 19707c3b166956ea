import { passed, warned, type Check } from '../checks.ts';
import type { ObservedContainer } from '../deployment.ts';
import { engineOf, hostsOfServices } from '../hosts.ts';
import { listed } from '../listed.ts';
import { servicesInStopOrder, type IndexName, type Platform, type ServiceName } from '../platform.ts';
import { rebuildSteps } from '../plans/plan-rebuild.ts';
import { derivedStores } from '../store-kinds.ts';
import { leaves, suffixOf } from '../plans/restore-steps/graph.ts';
import type { ContainerReference } from '../plans/step-arguments.ts';
import type { Step, StepId } from '../plans/steps.ts';
import { isNamed } from '../recovery-points/index-patterns.ts';
import { askedBySmoke } from '../smoke-checks.ts';
import type { IndexFate } from './fates.ts';
import type { CopySituation } from './situation.ts';

// An index that comes back into a living platform: what uses it stands still meanwhile, and nothing else does.

export interface IndexUser {
  service: ServiceName;
  containers: ContainerReference[];
}

/** What the indices are called, there and in the snapshot: names and aliases. */
const calledBy = (fates: readonly IndexFate[]): IndexName[] => [
  ...new Set(fates.flatMap(({ name, aliases }) => [name, ...aliases])),
];

/** The services that use one of these indices, by the platform file, in the order they stop. Those that rest are left alone. */
export function usersOf(
  { platform, containers = [], wishes }: CopySituation,
  fates: readonly IndexFate[],
): IndexUser[] {
  if (!wishes.stopUsers) return [];
  const names = calledBy(fates);
  return servicesInStopOrder(platform).flatMap((service): IndexUser[] => {
    const patterns = platform.deployment.uses?.[service] ?? [];
    const running = containers.filter((container) => container.service === service && runs(container));
    if (running.length === 0 || !names.some((name) => isNamed(name, patterns))) return [];
    return [{ service, containers: running.map(referenceTo) }];
  });
}

const runs = ({ running, restartPolicy, oneShot }: ObservedContainer): boolean =>
  running || (restartPolicy.name !== 'no' && oneShot !== true);

const referenceTo = ({ name, restartPolicy, replicas, oneShot }: ObservedContainer): ContainerReference => ({
  name,
  restartPolicy,
  ...(replicas !== undefined && { replicas }),
  ...(oneShot && { oneShot }),
});

/** Says which services stand still; a warning where nobody is said to use an index: then all of them go on. */
export function checkUsers(situation: CopySituation, all: readonly IndexFate[]): Check[] {
  if (!situation.wishes.stopUsers) return [];
  const { uses = {} } = situation.platform.deployment;
  const fates = all.filter(({ does }) => does.what !== 'skip' && does.what !== 'fail');
  const isUsed = (fate: IndexFate) =>
    Object.values(uses).some((patterns) => calledBy([fate]).some((name) => isNamed(name, patterns)));
  const unused = fates.filter((fate) => !isUsed(fate)).map(({ name }) => name);
  const stopped = usersOf(situation, fates).map(({ service }) => service);
  if (unused.length > 0)
    return [
      warned(
        'users',
        `No service is named that uses ${listed(unused)}; ${stopped.length === 0 ? 'nothing is stopped' : `stopped meanwhile: ${listed(stopped)}`}`,
        'Name in deployment.uses of the platform file which services use which indices; what others write into an index before it is swapped is lost',
      ),
    ];
  return [
    passed(
      'users',
      stopped.length === 0 ? 'None of those that use them runs' : `Stopped meanwhile: ${listed(stopped)}`,
    ),
  ];
}

/** One after the other, so that no consumer outlives what it calls; undone by a start. */
export function stopUsers(platform: Platform, users: readonly IndexUser[], first: StepId[]): Step[] {
  const { stopGraceSeconds, healthTimeoutSeconds, settleSeconds } = platform.deployment;
  return users.map(({ service, containers }, index): Step => ({
    id: `stop-${service}`,
    action: 'stopService',
    ...engineOf(platform, service),
    arguments: { service, containers, graceSeconds: stopGraceSeconds },
    after: index === 0 ? first : [`stop-${users[index - 1]?.service ?? ''}`],
    undo: {
      action: 'startService',
      arguments: { service, containers, healthTimeoutSeconds, settleSeconds, stopGraceSeconds },
    },
  }));
}

/** Queues that are derived from one of the indices, the services again in their order, and the smoke check. */
export function startUsers(
  { platform, store }: CopySituation,
  fates: readonly IndexFate[],
  users: readonly IndexUser[],
  first: StepId[],
): Step[] {
  const { healthTimeoutSeconds, settleSeconds } = platform.deployment;
  const names = calledBy(fates);
  const derived = derivedStores(platform)
    .filter(
      (one) =>
        one.kind === 'zookeeper-queue' &&
        one.from.store === store.name &&
        names.some((name) => isNamed(name, [one.from.index])),
    )
    .flatMap(({ name: only }) => rebuildSteps(platform, { ready: () => first, exactOrder: false, only }));
  const steps = [...derived];
  let after = derived.length > 0 ? leaves(derived) : first;
  for (const { service, containers } of users.toReversed()) {
    steps.push({
      id: `start-${service}`,
      action: 'startService',
      ...engineOf(platform, service),
      arguments: { service, containers, healthTimeoutSeconds, settleSeconds },
      after,
    });
    after = [`start-${service}`];
  }
  if (users.length === 0) return steps;
  const smoked = platform.smoke.length > 0 ? hostsOfServices(platform, askedBySmoke(platform)) : [];
  return [
    ...steps,
    ...smoked.map((at): Step => ({
      id: `smoke-check${suffixOf(at)}`,
      action: 'smokeCheck',
      ...at,
      arguments: {},
      after,
    })),
  ];
}
