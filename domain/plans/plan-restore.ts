import { basesIn } from '../bases.ts';
import { inOrder, type UnhashedPlan } from './plan.ts';
import { mountFates } from './mount-fates.ts';
import { rebuildSteps } from './plan-rebuild.ts';
import { storesOfKind } from '../platform.ts';
import { withComparison } from './named-on-hosts.ts';
import { clearSteps } from './restore-steps/clear.ts';
import { deploySteps } from './restore-steps/deploy.ts';
import { withFences } from './restore-steps/fence.ts';
import { last, leaves } from './restore-steps/graph.ts';
import { prepareSteps } from './restore-steps/prepare.ts';
import { restoreSteps } from './restore-steps/restore.ts';
import { captureSourceOf, onEachHost, presentDataVolumes, type RestoreSituation } from './restore-steps/situation.ts';
import { startSteps } from './restore-steps/start.ts';
import { stopSteps } from './restore-steps/stop.ts';
import { restorePartsSteps } from './streamed-steps.ts';
import { placesIn } from '../swarm-places.ts';

export type { RestoreSituation } from './restore-steps/situation.ts';

/**
 * The restore, step by step, as the design has it: stop, set aside, deploy, restore, check, rebuild, start. Pure: the
 * same situation gives the same plan. Failure: ServiceNotFound, SnapshotMissing, VolumeRefused (preflight says both before).
 */
export function planRestore(situation: RestoreSituation): UnhashedPlan {
  const { platform, manifest, observed } = situation;
  const prepare = prepareSteps(situation);
  const stop = stopSteps(situation, last(prepare));
  const stopped = stop.length > 0 ? leaves(stop) : last(prepare);
  const clear = clearSteps(situation, stopped);
  const deploy = deploySteps(situation, [...stopped, ...clear.map(({ id }) => id)]);
  const restore = storesOfKind(platform, 'elasticsearch').flatMap((store) => restoreSteps(situation, store));
  const streamed = restorePartsSteps(platform, manifest);
  const derived = rebuildSteps(platform, {
    exactOrder: true,
    ready: (store) => [
      `await-${store.name}`,
      ...storesOfKind(platform, 'elasticsearch').map((s) => `restore-${s.name}`),
    ],
  });
  const start = startSteps(situation, leaves([...deploy, ...restore, ...streamed, ...derived]));
  const work = [...prepare, ...stop, ...clear, ...deploy, ...restore, ...streamed, ...derived, ...start];
  const steps = inOrder(withComparison(platform, observed.host, withFences(situation, work), 'confirm-health'));
  const pointOfNoReturn = steps.find((step) => step.destructive)?.id;
  return {
    version: 1,
    kind: 'restore',
    platform: platform.platform,
    host: observed.host,
    ...placesIn(platform),
    ...basesIn(platform),
    recoveryPoint: { id: manifest.id, startedAt: manifest.startedAt, ...(manifest.adopted && { adopted: true }) },
    ...(captureSourceOf(situation) !== manifest.id && { capture: captureSourceOf(situation) }),
    steps,
    ...(pointOfNoReturn === undefined ? {} : { pointOfNoReturn }),
    volumes: presentDataVolumes(situation).map(({ name, createdAt, host }) => ({
      name,
      createdAt,
      ...(host !== undefined && { host }),
    })),
    mounts: onEachHost(situation, (there, at) => mountFates(there).map((fate) => ({ ...fate, ...at }))),
    platformFileHash: situation.platformFileHash,
  };
}
