import type { FleetProgress } from '../../../domain/fleet/fleet.ts';
import { standingOf } from '../../../domain/fleet/summary.ts';
import { askedOf, wavesOf } from '../../../page/fleets/waves.ts';
import { asking, fleetWord, inOrder, memberWord, partsOf } from '../../../page/fleets/words.ts';
import { hrefOf, parseRoute } from '../../../page/route.ts';
import { titleOf } from '../../../page/shell/title.ts';
import { member } from '../domain/fleet/members.ts';
import { waitingFleet } from '../gateway/api/fake-fleets.ts';

const plan = { hash: 'c'.repeat(64), downtimeSeconds: 40 };
const fleet = (more: Partial<FleetProgress> = {}): FleetProgress => ({ ...waitingFleet, ...more });

test('its address leads to it and back, and names the tab; no name: the platforms, where fleets stand on top', () => {
  expect(parseRoute(hrefOf.fleet('shops/eu'))).toEqual({ view: 'fleet', fleet: 'shops/eu' });
  expect(titleOf(parseRoute('#/fleets/shops'))).toBe('Fleet shops · Rekindle');
  expect(parseRoute('#/fleets')).toEqual({ view: 'platforms' });
});

test.each([
  ['waiting for approval', 'asks'],
  ['held', 'asks'],
  ['paused', 'asks'],
  ['running', 'busy'],
  ['stopping', 'warn'],
  ['passed', 'good'],
  ['failed', 'bad'],
] as const)('a fleet that is %s has the tone %s', (phase, tone) => {
  expect(fleetWord(phase).tone).toBe(tone);
});

test('of a restore that runs its own phase is told, and that a person is asked', () => {
  const runs = member('a', { state: 'running', run: 'restore/a/1' });
  expect(memberWord(runs, {})).toEqual({ tone: 'busy', word: 'Running' });
  expect(memberWord(runs, { 'restore/a/1': 'waiting for decision' })).toEqual({
    tone: 'asks',
    word: 'Waiting for decision',
  });
  expect(memberWord(member('b'), {})).toEqual({ tone: 'quiet', word: 'Waiting' });
  // What has ended is what it is, whatever a list that lags says.
  const ended = member('c', { state: 'failed', run: 'restore/c/1' });
  expect(memberWord(ended, { 'restore/c/1': 'running' })).toEqual({ tone: 'bad', word: 'Failed' });
  expect(
    asking([runs, ended], { 'restore/a/1': 'waiting for approval', 'restore/c/1': 'waiting for decision' }),
  ).toEqual([runs]);
});

test('the bar: a part for each state, one behind the other; what waits is left empty', () => {
  const members = ['a', 'b', 'c', 'd'].map((name) => member(name, { state: 'passed' }));
  const parts = partsOf(standingOf(fleet({ members: [...members, member('e', { state: 'failed' }), member('f')] })));
  expect(parts.map(({ state, tone }) => [state, tone])).toEqual([
    ['passed', 'good'],
    ['failed', 'bad'],
  ]);
  expect(parts[1]?.from).toBeCloseTo(4 / 6);
  expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(5 / 6);
  expect(partsOf({ counts: {}, platforms: 0 })).toEqual([]);
});

test('in a wave, what somebody should look at comes first; the present one and those with failures matter', () => {
  const members = [
    member('canary', { state: 'passed' }),
    member('good', { wave: 2, state: 'passed' }),
    member('next', { wave: 2 }),
    member('works', { wave: 2, state: 'running', run: 'restore/works/1' }),
    member('asks', { wave: 2, state: 'running', run: 'restore/asks/1' }),
    member('bad', { wave: 2, state: 'failed' }),
    member('later', { wave: 3 }),
  ];
  const waves = wavesOf({ members, wave: { number: 2, of: 3 } }, { 'restore/asks/1': 'waiting for decision' });
  expect(waves.map(({ number, matters }) => [number, matters])).toEqual([
    [1, false],
    [2, true],
    [3, false],
  ]);
  expect(waves[1]?.members.map(({ platform }) => platform)).toEqual(['asks', 'bad', 'works', 'next', 'good']);
  const first = wavesOf({ members, wave: { number: 1, of: 3, canaries: true } }, {});
  expect(first.map(({ title }) => title)).toEqual(['Wave 1: canaries', 'Wave 2', 'Wave 3']);
  // Something failed in a wave that is over: it still matters.
  expect(wavesOf({ members, wave: { number: 3, of: 3 } }, {}).map(({ matters }) => matters)).toEqual([
    false,
    true,
    true,
  ]);
});

test('before they have been surveyed, platforms are in no wave', () => {
  const [wave] = wavesOf({ members: [member('a', { wave: 0 })] }, {});
  expect(wave?.title).toBe('Not in a wave yet');
});

test('an approval says whom it covers, whom it does not, and how long the longest of them is down', () => {
  const members = [
    member('before', { state: 'passed', plan }),
    member('a', { wave: 2, plan, bytes: 1000 }),
    member('b', { wave: 2, plan: { hash: 'd'.repeat(64), downtimeSeconds: 90 }, bytes: 500 }),
    member('refused', { wave: 2, state: 'failed', reason: 'no images' }),
    member('later', { wave: 3 }),
  ];
  const asked = askedOf(fleet({ members }));
  expect(asked.covered.map(({ platform }) => platform)).toEqual(['a', 'b']);
  expect(asked.left.map(({ platform }) => platform)).toEqual(['refused']);
  expect(asked).toMatchObject({ bytes: 1500, longestDowntimeSeconds: 90 });
  expect(askedOf(fleet({ members: [] }))).toEqual({ covered: [], left: [], bytes: 0 });
});

test('of several fleets, one that asks comes first, then one that nobody answers for, then by name', () => {
  const row = (name: string, phase: FleetProgress['phase']) => ({
    fleet: name,
    standing: { value: standingOf(fleet({ fleet: name, phase })) },
  });
  const silent = { fleet: 'b', standing: { trouble: { kind: 'RunFailed', message: 'silence', remedy: '' } } } as const;
  const rows = [row('c', 'running'), row('a', 'running'), silent, row('z', 'held'), row('y', 'waiting for approval')];
  expect(inOrder(rows).map((one) => one.fleet)).toEqual(['y', 'z', 'b', 'a', 'c']);
});
