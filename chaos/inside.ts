import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shape } from '../stack/shapes.ts';
import type { Case } from './cases.ts';
import { placesIn, resultFile } from './place.ts';
import { prepareRestored, prepareWritten } from './prepare.ts';
import { runCase } from './run-case.ts';
import { openWorld } from './world.ts';

/** A piece of work for an enclosure, as its command line carries it. */
export type Work =
  | { kind: 'written'; shape: Shape; machineHost: string; cgroup: string }
  | { kind: 'restored'; cgroup: string }
  | CaseWork;

export interface CaseWork {
  kind: 'case';
  case: Case;
  cgroup: string;
}

/** What runs inside an enclosure. It ends with this process, so nothing is tidied up here. */
export async function workInside(at: string, work: Work): Promise<void> {
  // The suite outside holds the other end: when it goes, so does this.
  process.stdin.resume().once('end', () => process.exit(130));
  const world = openWorld(placesIn(at), work.cgroup);
  if (work.kind === 'written') await prepareWritten(world, work.shape, work.machineHost);
  else if (work.kind === 'restored') await prepareRestored(world);
  else await writeFile(join(at, resultFile), JSON.stringify(await runCase(world, work.case)));
}
