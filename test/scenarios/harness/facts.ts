import type { Facts } from './lane.ts';
import type { DemoPlatform } from '../../../stack/demo-platform.ts';
import { openDemoPlatform } from '../../../stack/demo-platform.ts';
import { provided } from '../../provided.ts';

export type { Facts } from './lane.ts';

/** Those of the lane that this process runs its files in. */
export function facts(): Facts {
  const lanes = provided('scenarios');
  const lane = Number(process.env['JEST_WORKER_ID'] ?? 1) - 1;
  const found = lanes[lane];
  if (found === undefined) throw new Error(`no platform was made for lane ${lane} of ${lanes.length}`);
  return found;
}

/** The shared demo platform, as the functions of `stack/` want it. */
export const thePlatform = async (): Promise<DemoPlatform> => openDemoPlatform(facts().project, facts().folder);
