import { basesIn } from '../bases.ts';
import type { CaptureOutline, ObservedDeployment } from '../deployment.ts';
import type { UnhashedPlan } from './plan.ts';
import { elsewhere, engineOf, enginesOfServices, hostsOfServices } from '../hosts.ts';
import {
  servicesInStopOrder,
  storesOfKind,
  type HostName,
  type Platform,
  type ServiceName,
  type VolumeName,
} from '../platform.ts';
import { withComparison } from './named-on-hosts.ts';
import { leaves, suffixOf } from './restore-steps/graph.ts';
import { askedBySmoke, servicesOfCheck } from '../smoke-checks.ts';
import { beforeRun } from './step-arguments.ts';
import type { Step, StepId } from './steps.ts';
import { placesIn } from '../swarm-places.ts';

/** Everything that the way back is planned from. */
export interface RollbackSituation {
  platform: Platform;
  platformFileHash: string;
  observed: ObservedDeployment;
  /** What was there before the run's first stop. */
  before: CaptureOutline;
  /** What the run set aside and has not brought back. */
  quarantined: VolumeName[];
  /** An image that is certainly on the host: volumes are moved with it. */
  image: string;
  /** The same of other hosts; absent: there are none. */
  elsewhere?: { host: HostName; volumes: VolumeName[]; image: string }[];
}

/**
 * Back to what was there before the run: the new services stop, the old data returns, and what ran before starts, by
 * the same health gates. Gates may be skipped, since the platform may have been ill before; the verdict then says so.
 */
export function planRollback(situation: RollbackSituation): UnhashedPlan {
  const { platform, observed } = situation;
  const stop = stopSteps(situation);
  const remove = removeSteps(situation, leaves(stop));
  const create = createSteps(situation, leaves([...stop, ...remove]));
  const back = returnSteps(situation, leaves([...stop, ...remove, ...create]));
  const cleared = [...stop, ...remove, ...create, ...back];
  const data = startSteps(situation, platform.deployment.data, leaves(cleared), 'side by side');
  const stores = storeSteps(situation, data);
  const { core, alsoStop } = platform.deployment;
  const users = [...core, ...alsoStop.toReversed()];
  const ready = leaves([...cleared, ...data, ...stores]);
  const start = startSteps(situation, users, ready, 'in order');
  const steps = [...cleared, ...data, ...stores, ...start];
  let after = leaves(steps);
  const then = (each: Step[]) => {
    steps.push(...each);
    after = leaves(each);
  };
  const { smoke } = platform;
  if (smoke.length > 0 && neededBySmoke(platform).every((service) => ranBefore(situation, service).length > 0))
    then(
      hostsOfServices(platform, askedBySmoke(platform)).map((at) => ({
        id: `rollback-smoke-check${suffixOf(at)}`,
        action: 'smokeCheck',
        ...at,
        arguments: {},
        after,
        skippable: true,
      })),
    );
  const started = steps.flatMap((step) => (step.action === 'startService' ? [step.arguments.service] : []));
  if (started.length > 0) {
    const { healthTimeoutSeconds } = platform.deployment;
    then(
      enginesOfServices(platform, started).map((at) => ({
        id: `rollback-confirm-health${suffixOf(at)}`,
        action: 'confirmHealth',
        ...at,
        arguments: { healthTimeoutSeconds },
        after,
        skippable: true,
      })),
    );
  }
  steps.push({ id: 'rollback-resume-schedules', action: 'resumeSchedules', arguments: {}, after });
  return {
    version: 1,
    kind: 'rollback',
    platform: platform.platform,
    host: observed.host,
    ...placesIn(platform),
    ...basesIn(platform),
    steps: withComparison(platform, observed.host, steps, 'rollback-confirm-health'),
    volumes: asides(situation).flatMap(({ at, there, volumes }) =>
      there.filter(({ name }) => volumes.includes(name)).map(({ name, createdAt }) => ({ name, createdAt, ...at })),
    ),
    platformFileHash: situation.platformFileHash,
  };
}

/** What is set aside, host by host; `there`: the volumes that the host has now. */
function asides({ observed, quarantined, image, elsewhere: others = [] }: RollbackSituation) {
  const parts = [{ host: observed.host, volumes: quarantined, image, at: {} }].concat(
    others.map((part) => ({ ...part, at: { host: part.host } })),
  );
  return parts.map((part) => ({
    ...part,
    there: observed.volumes.filter(({ host }) => (host ?? observed.host) === part.host),
  }));
}

function ranBefore({ before }: RollbackSituation, service: ServiceName) {
  return before.containers.filter((container) => container.service === service && container.running);
}

function stopSteps({ platform, observed, before }: RollbackSituation): Step[] {
  const { data, stopGraceSeconds: graceSeconds } = platform.deployment;
  const steps: Step[] = [];
  let after: StepId[] = [];
  for (const service of servicesInStopOrder(platform)) {
    const containers = observed.containers
      .filter((container) => container.service === service)
      .map(({ name, restartPolicy }) => {
        const known = before.containers.find((container) => container.name === name);
        return { name, restartPolicy: known?.restartPolicy ?? restartPolicy };
      });
    if (containers.length === 0) continue;
    const id = `rollback-stop-${service}`;
    steps.push({
      id,
      action: 'stopService',
      ...engineOf(platform, service),
      arguments: { service, containers, graceSeconds },
      after,
    });
    if (!data.includes(service)) after = [id];
  }
  return steps;
}

/** Containers that the run made: they were not there before. */
function removeSteps({ platform, observed, before }: RollbackSituation, after: StepId[]): Step[] {
  const known = new Set(before.containers.map(({ name }) => name));
  return servicesInStopOrder(platform).flatMap((service): Step[] => {
    const containers = observed.containers.filter(({ name, ...one }) => one.service === service && !known.has(name));
    if (containers.length === 0) return [];
    const names = containers.map(({ name }) => name);
    return [
      {
        id: `rollback-remove-${service}`,
        action: 'removeContainers',
        ...engineOf(platform, service),
        arguments: { service, containers: names },
        after,
      },
    ];
  });
}

/** Volumes that somebody removed since, for the data to return to. */
function createSteps(situation: RollbackSituation, after: StepId[]): Step[] {
  return asides(situation).flatMap(({ host, at, there, volumes }) =>
    volumes
      .filter((volume) => !there.some(({ name }) => name === volume))
      .map((volume): Step => ({
        id: `rollback-create-volume-${volume}${suffixOf(at)}`,
        action: 'createVolume',
        ...at,
        arguments: { volume, host, capture: beforeRun },
        after,
      })),
  );
}

function returnSteps(situation: RollbackSituation, after: StepId[]): Step[] {
  return asides(situation).flatMap(({ host, at, image, volumes }) =>
    volumes.map((volume): Step => ({
      id: `rollback-return-${volume}${suffixOf(at)}`,
      action: 'returnVolume',
      ...at,
      arguments: { volume, host, image },
      after,
    })),
  );
}

function startSteps(
  situation: RollbackSituation,
  services: ServiceName[],
  first: StepId[],
  how: 'side by side' | 'in order',
): Step[] {
  const { healthTimeoutSeconds, settleSeconds } = situation.platform.deployment;
  const steps: Step[] = [];
  let after = first;
  for (const service of services) {
    const containers = ranBefore(situation, service).map(({ name, restartPolicy, replicas }) => ({
      name,
      restartPolicy,
      ...(replicas !== undefined && { replicas }),
    }));
    if (containers.length === 0) continue;
    const id = `rollback-start-${service}`;
    steps.push({
      id,
      action: 'startService',
      ...engineOf(situation.platform, service),
      arguments: { service, containers, capture: beforeRun, healthTimeoutSeconds, settleSeconds },
      after,
      skippable: true,
    });
    if (how === 'in order') after = [id];
  }
  return steps;
}

/** The gates of the stores whose services ran, and their repositories registered again. */
function storeSteps(situation: RollbackSituation, data: Step[]): Step[] {
  const { platform } = situation;
  const started = new Set(data.map(({ id }) => id));
  const running = platform.stores.filter(({ service }) => started.has(`rollback-start-${service}`));
  const wait = running.map(({ name, service }): Step => ({
    id: `rollback-await-${name}`,
    action: 'awaitStore',
    ...elsewhere(platform, service),
    arguments: { store: name, timeoutSeconds: platform.deployment.healthTimeoutSeconds },
    after: [`rollback-start-${service}`],
    skippable: true,
  }));
  const repositories = storesOfKind(platform, 'elasticsearch')
    .filter((store) => running.includes(store))
    .map(({ name, service }): Step => ({
      id: `rollback-repository-${name}`,
      action: 'configureRepository',
      ...elsewhere(platform, service),
      arguments: { store: name, access: 'writable', anew: true },
      after: [`rollback-await-${name}`],
      skippable: true,
    }));
  return [...wait, ...repositories];
}

const neededBySmoke = ({ smoke, stores }: Platform): ServiceName[] =>
  smoke.flatMap((check) => servicesOfCheck(check, stores));
