import type { FleetDesk } from '../../../../client/fleet-desk.ts';
import { Failure } from '../../../../domain/failures.ts';
import type { FleetProgress } from '../../../../domain/fleet/fleet.ts';
import { standingOf } from '../../../../domain/fleet/summary.ts';
import { member } from '../../domain/fleet/members.ts';

export const waveHash = 'b'.repeat(64);
export const fleetRun = 'restore/nuvla/2026-11-21T09:40:00Z';

/** Its canary has passed, and its second wave waits for approval. */
export const waitingFleet: FleetProgress = {
  fleet: 'shops',
  phase: 'waiting for approval',
  note: `the plans have the hash ${waveHash}`,
  startedAt: '2026-11-21T09:30:00.000Z',
  startedBy: { how: 'command line', name: 'ann' },
  approval: 'wave',
  limits: { overall: 10, perHost: 2 },
  stopWhenFailed: { percent: 5 },
  wave: { number: 2, of: 3 },
  waveHash,
  words: [{ word: 'approved', by: 'ann', at: '2026-11-21T09:35:00.000Z' }],
  members: [
    member('shop-ch', { state: 'passed', run: 'restore/shop-ch/1', execution: '1', bytes: 1000 }),
    member('shop-de', { wave: 2, plan: { hash: 'c'.repeat(64), point: '2026-11-21t0900z', downtimeSeconds: 40 } }),
    member('nuvla', { wave: 2, state: 'running', run: fleetRun }),
    member('shop-fr', { wave: 2, state: 'failed', reason: 'PlatformBusy: held' }),
    member('shop-it', { wave: 3 }),
  ],
};

export interface FakeFleets extends FleetDesk {
  journal: string[];
  progress: FleetProgress;
  /** Every request fails with it. */
  failure?: Failure;
}

/** A desk with the fleet `shops`, and with `silent`, whose worker does not answer. */
export function fakeFleets(): FakeFleets {
  const known = (fleet: string) => {
    if (desk.failure) throw desk.failure;
    if (fleet === desk.progress.fleet) return;
    throw new Failure('RunNotFound', {
      message: `There is no restore of a fleet called "${fleet}"`,
      remedy: 'Under way: shops',
    });
  };
  const trouble = { kind: 'RunFailed', message: 'fleet/silent did not answer within 10 s', remedy: 'Start a worker' };
  const later = <T>(work: () => T): Promise<T> => Promise.resolve().then(work);
  const desk: FakeFleets = {
    journal: [],
    progress: waitingFleet,
    list: () =>
      later(() => [
        (known('shops'), { fleet: 'shops', standing: { value: standingOf(desk.progress) } }),
        { fleet: 'silent', standing: { trouble: trouble as { kind: 'RunFailed' } & typeof trouble } },
      ]),
    look: (fleet) => later(() => (known(fleet), { progress: desk.progress, phases: { [fleetRun]: 'planning' } })),
    approve: (fleet, word) => later(() => said(fleet, 'approve', word)),
    tell: (fleet, word, what) => later(() => said(fleet, word, what)),
  };
  const said = (fleet: string, word: string, what: object) => {
    known(fleet);
    desk.journal.push(`${word} ${fleet} ${JSON.stringify(what)}`);
    return `${word}: done`;
  };
  return desk;
}
