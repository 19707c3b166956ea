import { failed, passed, type Check } from '../../domain/checks.ts';
import { listed } from '../../domain/listed.ts';
import type { RunningWork } from '../../systems/elasticsearch/running.ts';
import { checkOfFailure, inconclusive, type Observation } from '../observation.ts';
import type { StoreSeen } from './observe-store.ts';

/** No snapshot and no other restore may run on the living cluster: the restore would cut it off. */
export function checkRunning({ store, elasticsearch, living }: StoreSeen): Check {
  const name = `snapshots running ${store.name}`;
  if (!living.answers)
    return passed(
      name,
      living.runs
        ? `${store.service} runs but does not answer: it can take no snapshot and restore nothing`
        : `${store.service} does not run, so nothing runs on it`,
    );
  if ('failure' in elasticsearch) return checkOfFailure(name, elasticsearch.failure);
  const work: Observation<RunningWork> = 'seen' in elasticsearch ? elasticsearch.seen.running : elasticsearch;
  if ('failure' in work) return checkOfFailure(name, work.failure);
  if ('unseen' in work) return inconclusive(name, work.unseen, `See the check "repository ${store.name}"`);
  const { snapshots, restores } = work.seen;
  const faults = [
    ...(snapshots.length > 0 ? [`${snapshots.length} snapshots run: ${snapshots.join(', ')}`] : []),
    ...(restores.length > 0 ? [`${restores.length} shards are being restored: ${listed(restores)}`] : []),
  ];
  if (faults.length > 0)
    return failed(
      name,
      faults.join('; '),
      'Wait until it has ended, or end it (DELETE _snapshot/<repository>/<snapshot>)',
    );
  return passed(name, '0 snapshots and 0 restores run');
}
