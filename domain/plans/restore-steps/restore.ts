import { Failure } from '../../failures.ts';
import { elsewhere } from '../../hosts.ts';
import type { ElasticsearchStore } from '../../platform.ts';
import { chosenNames } from '../../recovery-points/features.ts';
import type { Step } from '../steps.ts';
import { nodeCount } from './nodes.ts';
import type { RestoreSituation } from './situation.ts';

/** One Elasticsearch: its repository, read-only; the snapshot; the indices under raised throttles; the proof. */
export function restoreSteps(situation: RestoreSituation, store: ElasticsearchStore): Step[] {
  const { manifest, indices } = situation;
  const artefact = manifest.stores.find((candidate) => candidate.store === store.name);
  if (artefact === undefined)
    throw new Failure('SnapshotMissing', {
      message: `Recovery point ${manifest.id} holds no data of the store "${store.name}"`,
      remedy: 'Choose another recovery point, or remove the store from the platform file',
    });
  const recoveryPoint = manifest.id;
  const { name } = store;
  const held = indices[name] ?? [];
  const steps: Step[] = [
    {
      id: `repository-${name}`,
      action: 'configureRepository',
      arguments: { store: name, access: 'readonly' },
      after: [`await-${name}`],
    },
    {
      id: `verify-snapshot-${name}`,
      action: 'verifySnapshot',
      arguments: { store: name, recoveryPoint },
      after: [`repository-${name}`],
    },
    {
      id: `raise-throttles-${name}`,
      action: 'raiseThrottles',
      arguments: { store: name, bytesPerSecond: store.restoreThrottle },
      after: [`await-${name}`],
      undo: { action: 'resetThrottles', arguments: { store: name } },
      undoAlways: true,
    },
    {
      id: `restore-${name}`,
      action: 'restoreIndices',
      arguments: {
        store: name,
        recoveryPoint,
        snapshot: artefact.snapshot,
        expectedSet: artefact.expectedSet.sha256,
        indices: held.length,
        // Elasticsearch refuses to restore what the snapshot was taken without.
        globalState: artefact.globalState !== 'none',
        featureStates: chosenNames(store.featureStates, artefact.featureStates ?? []),
      },
      after: [`verify-snapshot-${name}`, `raise-throttles-${name}`],
    },
    { id: `reset-throttles-${name}`, action: 'resetThrottles', arguments: { store: name }, after: [`restore-${name}`] },
    {
      id: `verify-${name}`,
      action: 'verifyIndices',
      arguments: { store: name, recoveryPoint, nodes: nodeCount(situation, store).awaited },
      after: [`restore-${name}`],
    },
  ];
  return steps.map((step) => ({ ...step, ...elsewhere(situation.platform, store.service) }));
}
