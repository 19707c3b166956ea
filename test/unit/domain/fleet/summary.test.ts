import type { FleetProgress } from '../../../../domain/fleet/fleet.ts';
import { repositoriesOf } from '../../../../domain/fleet/repositories.ts';
import { fleetLine, reasonOf, standingOf } from '../../../../domain/fleet/summary.ts';
import { storesOfKind } from '../../../../domain/platform.ts';
import { demoPlatform } from '../../../demo-situation.ts';
import { member } from './members.ts';

const progress = (more: Partial<FleetProgress> = {}): FleetProgress => ({
  fleet: 'shops',
  phase: 'running',
  startedAt: '2026-11-21T10:00:00.000Z',
  approval: 'wave',
  limits: { overall: 1 },
  stopWhenFailed: { count: 1 },
  wave: { number: 1, of: 2 },
  words: [],
  members: [member('a', { state: 'passed' }), member('b', { state: 'running' }), member('c')],
  ...more,
});

test('one line says how far it is', () => {
  expect(fleetLine(progress())).toBe('shops: running, wave 1 of 2; 1 passed, 1 running, 1 waiting');
  expect(fleetLine(progress({ phase: 'held', note: 'why', wave: { number: 1, of: 2, canaries: true } }))).toBe(
    'shops: held, wave 1 of 2 (canaries); 1 passed, 1 running, 1 waiting: why',
  );
});

test('where it stands, without its platforms', () => {
  expect(standingOf(progress({ phase: 'held', note: 'why' }))).toEqual({
    phase: 'held',
    note: 'why',
    startedAt: '2026-11-21T10:00:00.000Z',
    wave: { number: 1, of: 2 },
    platforms: 3,
    counts: { passed: 1, running: 1, waiting: 1 },
  });
});

test('who waits is told why', () => {
  const waiting = member('c');
  expect(reasonOf(waiting, progress())).toBe('1 platforms are worked on (limits.overall)');
  expect(reasonOf(member('d', { wave: 2 }), progress())).toBe('wave 1 comes before wave 2');
  expect(reasonOf(waiting, progress({ phase: 'paused' }))).toBe('the fleet is paused');
  expect(reasonOf(waiting, progress({ phase: 'waiting for approval' }))).toBe('wave 1 waits for approval');
  expect(reasonOf(waiting, progress({ phase: 'planning' }))).toBe('its plan is made');
  expect(reasonOf(waiting, progress({ limits: { overall: 5 } }))).toBe('it is next');
  expect(reasonOf(member('x', { state: 'failed', reason: 'why' }), progress())).toBe('why');
});

test('platforms that read from one bucket share it, whatever the path within', () => {
  const platform = demoPlatform();
  const [store] = storesOfKind(platform, 'elasticsearch');
  const withSettings = (type: string, settings: Record<string, string>) => {
    store!.repository = { name: 'backup', type, settings };
    return repositoriesOf(platform, 'one');
  };
  const places = ['a', 'b'].map((base) =>
    withSettings('s3', { bucket: 'x', base_path: base, endpoint: `http${base === 'a' ? 's' : ''}://S3.example.org/` }),
  );
  expect(places[0]).toEqual(['s3:s3.example.org/x']);
  expect(places[1]).toEqual(places[0]);
  expect(withSettings('fs', { location: '/backups' })).toEqual(['fs:one:/backups']);
});
