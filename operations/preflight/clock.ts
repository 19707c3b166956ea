import type { Check } from '../../domain/checks.ts';
import { checkClocks, type ClockReading } from '../../domain/clocks.ts';
import { storesOfKind } from '../../domain/platform.ts';
import { secondsAheadOfS3 } from '../../systems/object-storage/clock.ts';
import type { S3Options } from '../../systems/object-storage/s3.ts';
import { observe } from '../observation.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { repositoryBucket, type BucketAccess } from '../repository/bucket-location.ts';

type ClockAccess = BucketAccess &
  Pick<OpenPlatform, 'platform' | 'catalogueBucket' | 'temporalClock'> & {
    docker: Pick<OpenPlatform['docker'], 'clock' | 'remote'>;
  };

/**
 * This machine's clock next to those of the engine, of Temporal, and of the servers that check signatures. One that cannot
 * be read makes no check: whoever does not answer is reported by the other checks. `host`: this machine, for people.
 */
export async function checkClock(open: ClockAccess, host: string): Promise<Check | undefined> {
  const places: [whose: string, place: () => Promise<S3Options | undefined>][] = [
    ['the S3 server of the catalogue', () => open.catalogueBucket()],
    ...storesOfKind(open.platform, 'elasticsearch').map((store): (typeof places)[number] => [
      `the S3 server of ${store.name}`,
      () => repositoryBucket(open, store),
    ]),
  ];
  const readings = await Promise.all([
    read('the Docker engine', () => open.docker.clock()),
    read('Temporal', async () => open.temporalClock?.()),
    ...places.map(([whose, place]) => readS3(whose, place)),
  ]);
  // Of a host without a worker, it is the clock of another machine that is compared.
  const whose = open.docker.remote === true ? `the host whose worker serves ${host}` : host;
  return checkClocks(whose, readings.flat());
}

async function read(whose: string, secondsAhead: () => Promise<number | undefined>): Promise<ClockReading[]> {
  const aheadSeconds = await secondsAhead();
  return aheadSeconds === undefined ? [] : [{ whose, aheadSeconds }];
}

async function readS3(whose: string, place: () => Promise<S3Options | undefined>): Promise<ClockReading[]> {
  const found = await observe(place);
  if (!('seen' in found) || found.seen === undefined) return [];
  const { seen } = found;
  const readings = await read(whose, () => secondsAheadOfS3(seen));
  return readings.map((reading) => ({ ...reading, checksSignatures: true }));
}
