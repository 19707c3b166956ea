import { readFile } from 'node:fs/promises';
import { emptyTable } from '../domain/scrub/read-table.ts';
import type { ScrubbedBucket } from '../operations/scrub/bucket.ts';
import { scrubRepository } from '../operations/scrub/scrub-repository.ts';
import { s3Objects } from '../systems/object-storage/s3-objects.ts';
import { s3Storage, type S3Options } from '../systems/object-storage/s3.ts';

// Scrubs all of a repository as a process of its own, so that its memory can be measured; prints one line of JSON.

const { BENCH_PLACE: placed = '{}', BENCH_INDEX: name = '', BENCH_SNAPSHOT: snapshot = '' } = process.env;
const place = JSON.parse(placed) as S3Options;
const bucket: ScrubbedBucket = { storage: s3Storage(place), objects: s3Objects(place), place: place.bucket };
const points = [{ id: 'bench', snapshot, indices: [{ name, primaries: 3 }] }];
const began = performance.now();
const found = await scrubRepository(
  bucket,
  { scope: { kind: 'all' }, since: Math.floor(Date.now() / 1000), days: 7, points, suspected: new Set() },
  emptyTable(),
  () => Promise.resolve(),
);
const seconds = (performance.now() - began) / 1000;
const peak = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
const { bytes, files, faults } = found;
console.log(JSON.stringify({ seconds, bytes, files, faults: faults.length, megabytes: (Number(peak) * 1024) / 1e6 }));
// Idle keep-alive connections must not hold the process.
process.exit();
