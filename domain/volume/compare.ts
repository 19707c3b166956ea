import { failed, passed, warned, type Check } from '../checks.ts';
import type { VolumeExpectedSet } from './expected.ts';
import { differences, type Listing } from './listing.ts';

/**
 * What is in the folder now, against what was backed up. A service that writes there as soon as it starts makes a difference, so only
 * fewer files or folders fail: that all of it came back was compared before the service was started.
 */
export function compareVolume({ store, listing: expected }: VolumeExpectedSet, now: Listing): Check {
  const name = `volume ${store}`;
  const differing = differences(expected, now);
  if (differing.length === 0)
    return passed(name, `${now.files} files with ${now.bytes} bytes are as they were backed up`);
  if (now.files < expected.files || now.folders < expected.folders)
    return failed(
      name,
      differing.join(', '),
      'Find out what removes files there when it starts; then restore this store again, or from another recovery point',
    );
  return warned(
    name,
    `${differing.join(', ')}: the service has written here since it was started`,
    `What it writes by itself can be left out of backups: "exclude" of the store "${store}" in the platform file`,
  );
}
