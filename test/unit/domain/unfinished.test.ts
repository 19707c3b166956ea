import type { ClaimKey } from '../../../domain/recovery-points/claims.ts';
import {
  isLeftSnapshot,
  mayBeUnderWay,
  whyKept,
  type LeftSnapshot,
  type RunState,
  type Unfinished,
} from '../../../domain/recovery-points/unfinished.ts';

const now = '2026-11-21T20:00:00.000Z';
const limits = { now, snapshotSeconds: 6 * 3600 };
const claimed = (at: string): ClaimKey => ({ at, execution: 'e-1', run: 'backup/nuvla/1' });
const recent = claimed('2026-11-21T19:00:00.000Z');
const old = claimed('2026-11-21T12:59:59.000Z');
const left = (change: Partial<Unfinished> = {}): Unfinished => ({
  id: '2026-11-21t1900z',
  claims: [recent],
  known: true,
  deleting: false,
  ...change,
});

test.each<[string, Partial<Unfinished>, RunState[], RegExp | undefined]>([
  ['a run that goes on', { claims: [old] }, ['running'], /has not ended/],
  ['a run that is over', {}, ['over'], undefined],
  ['a run that passed: its manifest was removed by hand', {}, ['passed'], /somebody removed the manifest/],
  ['a run that this Temporal does not know, claimed an hour ago', {}, ['unknown'], /does not know its run/],
  ['a run that this Temporal does not know, claimed seven hours ago', { claims: [old] }, ['unknown'], undefined],
  ['two claims, one of a run that goes on', { claims: [old, recent] }, ['over', 'running'], /has not ended/],
  ['two claims, one young and unknown', { claims: [old, recent] }, ['over', 'unknown'], /does not know/],
  ['two claims, an old one unknown', { claims: [old, recent] }, ['unknown', 'over'], undefined],
  ['no claim, by its name an hour old', { claims: [] }, [], /does not know/],
  ['no claim, by its name a day old', { claims: [], id: '2026-11-20t1900z' }, [], undefined],
  ['no claim, a name that tells no time', { claims: [], id: 'nightly' }, [], /contains no time/],
  ['something of a later version', { claims: [old], known: false }, ['over'], /does not know/],
  ['a removal that was begun', { claims: [old], deleting: true }, ['over'], /prune/],
])('%s', (_, change, states, why) => {
  const kept = whyKept(left(change), states, limits);
  if (why === undefined) expect(kept).toBeUndefined();
  else expect(kept).toMatch(why);
});

const ours = { takenBy: 'rekindle', platform: 'nuvla', run: 'backup/nuvla/1', execution: 'e-1' };
const snapshot = (metadata: Record<string, unknown>, change: Partial<LeftSnapshot> = {}): LeftSnapshot => ({
  running: false,
  endedAt: '2026-11-21T19:10:00.000Z',
  metadata,
  ...change,
});

test.each<[string, Record<string, unknown>, boolean]>([
  ['of this run', ours, true],
  ['of this run, by an older version', { ...ours, execution: undefined }, true],
  ['of another run', { ...ours, run: 'backup/nuvla/2', execution: 'e-2' }, false],
  ['of another platform', { ...ours, platform: 'other' }, false],
  ['of somebody who imitates the name', { run: ours.run, platform: 'nuvla' }, false],
  ['of SLM', { policy: 'nightly' }, false],
  ['of nobody', {}, false],
])('a snapshot %s', (_, metadata, mine) => {
  expect(isLeftSnapshot(snapshot(metadata), { platform: 'nuvla', claims: [recent] })).toBe(mine);
});

test('a snapshot without any claim is ours when its metadata says so', () => {
  expect(isLeftSnapshot(snapshot(ours), { platform: 'nuvla', claims: [] })).toBe(true);
  expect(isLeftSnapshot(snapshot({ policy: 'x' }), { platform: 'nuvla', claims: [] })).toBe(false);
});

test('what an unknown run works on stays as long as its snapshot runs, and an hour more', () => {
  expect(mayBeUnderWay(snapshot(ours, { running: true, endedAt: undefined }), ['unknown'], now)).toBe(true);
  expect(mayBeUnderWay(snapshot(ours), ['unknown'], now)).toBe(true);
  expect(mayBeUnderWay(snapshot(ours, { endedAt: '2026-11-21T18:59:00.000Z' }), ['unknown'], now)).toBe(false);
  expect(mayBeUnderWay(snapshot(ours, { running: true, endedAt: undefined }), ['over'], now)).toBe(false);
});
