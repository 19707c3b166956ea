import { eventually } from '../stack/engine.ts';
import type { Case, PlannedFault } from './cases.ts';
import { type Repair, NotThere, strikes, type Scene } from './faults.ts';
import type { FollowedRun } from './follow.ts';
import { pause } from './processes.ts';
import { risenServices, runningServices } from './risen.ts';

/** A fault that finds nothing to strike waits for it; a restore keeps Elasticsearch down for less. */
const seekSeconds = 30;

/** Until the case's moment has come, its limit is reached, or the run is over. */
export async function untilMoment(
  { moment }: Case,
  run: FollowedRun,
  limitSeconds: number,
  isOver: () => boolean,
): Promise<void> {
  if ('seconds' in moment) return pause(moment.seconds);
  const deadline = Date.now() + limitSeconds * 1000;
  for (;;) {
    const progress = await run.progress();
    const step = progress?.steps.find(({ id }) => id === moment.step);
    if (step?.startedAt !== undefined) break;
    // Over, though nothing has happened to it yet: there is nothing to strike, and the oracle looks at the rest.
    if (isOver() || Date.now() > deadline) return;
    await pause(0.1);
  }
  await pause(moment.plusSeconds);
}

export interface Struck {
  at?: number;
  /** Services that ran after an engine's restart though the run had stopped them. */
  risen?: string[];
  /** What is still to be repaired. */
  repair?: Repair;
}

/** Breaks something when it is there to be broken, and repairs it after the fault's time. `began`: the operation's start. */
export async function strikeAndRepair(
  scene: Scene,
  fault: PlannedFault,
  run: FollowedRun,
  began: number,
): Promise<Struck> {
  await pause(fault.afterSeconds);
  const running = fault.fault === 'engine' ? await runningServices(scene.platform) : [];
  const repair = await seek(scene, fault, run);
  if (repair === undefined) return {};
  const at = (Date.now() - began) / 1000;
  scene.world.note(`struck: ${fault.fault}`);
  await pause(fault.repairedAfterSeconds);
  try {
    await repair();
    scene.world.note(`repaired: ${fault.fault}`);
    return { at, ...(fault.fault === 'engine' ? { risen: await risenServices(scene.platform, running, run) } : {}) };
  } catch (error) {
    scene.world.note(`not repaired yet: ${fault.fault}: ${String(error)}`);
    // Another fault stands in its way: repaired at the end.
    return { at, repair };
  }
}

async function seek(scene: Scene, fault: PlannedFault, run: FollowedRun): Promise<Repair | undefined> {
  const deadline = Date.now() + seekSeconds * 1000;
  for (;;) {
    // A fault after the run's end would prove nothing.
    if ((await run.progress())?.finishedAt !== undefined) return undefined;
    try {
      return await strikes[fault.fault](scene, fault);
    } catch (error) {
      if (!(error instanceof NotThere)) throw error;
      if (Date.now() > deadline) return undefined;
      await pause(0.2);
    }
  }
}

export async function repairAll(repairs: Repair[]): Promise<void> {
  await eventually('all faults are repaired', 90, async () => {
    for (const repair of repairs) await repair();
  });
}
