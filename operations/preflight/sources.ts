import { failed, passed, type Check } from '../../domain/checks.ts';
import type { ZookeeperQueueStore } from '../../domain/platform.ts';
import type { ExpectedSet } from '../../domain/recovery-points/recovery-point.ts';

/** A derived store is rebuilt from an index of a primary one: by its name or by an alias, it must come with the restore. */
export function checkSource({ name, from }: ZookeeperQueueStore, { indices, snapshot }: ExpectedSet): Check {
  const source = indices.find((index) => index.name === from.index || index.aliases.includes(from.index));
  if (source?.state === 'open') {
    const counted = source.documents ? `at least ${source.documents.atLeast} documents` : 'count not known';
    return passed(`source ${name}`, `${from.index} of ${from.store} is in ${snapshot}, ${counted}`);
  }
  return failed(
    `source ${name}`,
    source
      ? `${from.index} of ${from.store} is closed in ${snapshot}: nothing can be read from it`
      : `${from.index} is not among the ${indices.length} indices of ${from.store} in ${snapshot}${indices.some(({ documents }) => documents) ? '' : ', whose aliases are not known'}`,
    `Correct stores.from.index of "${name}" in the platform file, or choose a recovery point that holds it`,
  );
}
