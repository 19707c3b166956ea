import { ChecksFailed } from '../../../domain/checks-failed.ts';
import { failed, passed, type Check } from '../../../domain/checks.ts';
import { Failure, type FailureKind } from '../../../domain/failures.ts';
import type { Objectives } from '../../../domain/platform.ts';
import type { Readiness } from '../../../domain/readiness/readiness.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { evaluateReadiness } from '../../../operations/readiness/evaluate.ts';
import type { Assessment } from '../../../operations/restore/assess-restore.ts';
import { openCatalogue } from '../../../systems/catalogue/open-catalogue.ts';
import { demoManifest, demoObserved, demoPlatform } from '../../demo-situation.ts';
import { memoryStorage } from '../../memory-storage.ts';

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const fine: Assessment = {
  checks: [passed('recovery point', 'fine'), passed('images', 'all there')],
  forecast: { downtimeSeconds: 120, basis: 'measured in 2 drills' } as Assessment['forecast'] & object,
};

/** A platform with one recovery point of an hour ago; `assessed`: what preflight makes of it. */
async function platformWith(objectives: Objectives = {}, { receiver = true } = {}) {
  const storage = memoryStorage();
  const catalogue = openCatalogue(storage, 'demo');
  const { id } = demoManifest();
  await catalogue.writeManifest({ ...demoManifest(), startedAt: ago(1) });
  const demo = demoPlatform();
  const open = {
    platform: {
      ...demo,
      objectives,
      readiness: { everyMinutes: 30 },
      notifications: receiver ? [{ url: 'https://ops.test', headers: {}, events: ['readiness'] }] : [],
    },
    catalogue,
    host: 'machine',
    docker: { observe: () => Promise.resolve(demoObserved()) },
  } as unknown as OpenPlatform;
  const evaluate = (assessed: Assessment | Error = fine, last?: Readiness) =>
    evaluateReadiness(open, { platform: 'demo', ...(last && { last }) }, {}, () =>
      assessed instanceof Error ? Promise.reject(assessed) : Promise.resolve(assessed),
    );
  const drilled = (hours: number, phase: 'passed' | 'failed' = 'passed') =>
    catalogue.recordOutcome({
      run: `drill/demo/${hours}`,
      kind: 'drill',
      phase,
      finishedAt: ago(hours),
      durationSeconds: 40,
    });
  const proven = (hours: number) => catalogue.mark(id, 'proven', { at: ago(hours), run: 'drill/demo/1' });
  return { open, evaluate, drilled, proven, catalogue };
}
const verdictOf = ({ next }: Awaited<ReturnType<typeof evaluateReadiness>>) => [
  next.verdict,
  next.unmet.map(({ name }) => name),
];
const failure = (kind: FailureKind) => new Failure(kind, { message: 'It cannot be done', remedy: 'Do it' });

test('ready: every check and objective is met, a warning counts as met, and the forecast goes with it', async () => {
  const { evaluate, drilled, proven } = await platformWith({
    recoveryPointMinutes: 120,
    recoveryTimeMinutes: 5,
    provenWithinDays: 7,
    drilledWithinDays: 7,
  });
  await drilled(20);
  await proven(20);
  const warning: Check = { name: 'disk', verdict: 'pass', warning: true, evidence: 'nearly full', remedy: 'make room' };
  const { next, news } = await evaluate({ ...fine, checks: [...fine.checks, warning] });
  expect(next).toMatchObject({
    verdict: 'ready',
    checks: 7,
    unmet: [],
    everyMinutes: 30,
    forecast: { downtimeSeconds: 120, basis: 'measured in 2 drills' },
  });
  expect(news).toBeUndefined();
});

describe('not ready, each reason by its name', () => {
  test('a check of preflight that fails, or that could not be carried out: a repository out of reach', async () => {
    const { evaluate } = await platformWith();
    const away: Check = {
      name: 'repository documents',
      verdict: 'inconclusive',
      evidence: 'No answer',
      remedy: 'Wait',
    };
    const judged = await evaluate({ checks: [failed('disk', 'full', 'make room'), away] });
    expect(verdictOf(judged)).toEqual(['not ready', ['disk', 'repository documents']]);
    expect(judged.next.unmet[0]).toEqual({ name: 'disk', evidence: 'full', remedy: 'make room' });
  });

  test.each<[string, Objectives]>([
    ['objective RPO', { recoveryPointMinutes: 30 }],
    ['objective RTO', { recoveryTimeMinutes: 1 }],
    ['objective proven', { provenWithinDays: 1 }],
    ['objective drilled', { drilledWithinDays: 1 }],
  ])('%s', async (name, objectives) => {
    const { evaluate, drilled, proven } = await platformWith(objectives);
    await drilled(30);
    await proven(30);
    // One that failed lately is no drill that passed.
    await drilled(2, 'failed');
    expect(verdictOf(await evaluate())).toEqual(['not ready', [name]]);
  });

  test('an objective replaces the warning of preflight about the same', async () => {
    const { evaluate } = await platformWith({ provenWithinDays: 1 });
    const warning: Check = { name: 'objective proven', verdict: 'pass', warning: true, evidence: '', remedy: '' };
    const judged = await evaluate({ ...fine, checks: [...fine.checks, warning] });
    expect(verdictOf(judged)).toEqual(['not ready', ['objective proven']]);
    expect(judged.next.checks).toBe(3);
  });

  test.each<FailureKind>(['RecoveryPointNotFound', 'VolumeRefused', 'ServiceNotFound'])(
    'no assessment could be made, and that is an answer: %s',
    async (kind) => {
      const { evaluate } = await platformWith();
      const judged = await evaluate(failure(kind));
      expect(verdictOf(judged)).toEqual(['not ready', ['recovery point']]);
      expect(judged.next.unmet).toEqual([{ name: 'recovery point', evidence: 'It cannot be done', remedy: 'Do it' }]);
    },
  );

  test('no point can be read back, or there is none: as preflight itself says it', async () => {
    const { evaluate, open, catalogue } = await platformWith();
    const checks = [failed('recovery point', 'It is damaged', 'Take another')];
    expect(verdictOf(await evaluate(new ChecksFailed('None can be read', checks, 'PreflightRefused')))).toEqual([
      'not ready',
      ['recovery point'],
    ]);
    const { id } = demoManifest();
    await catalogue.mark(id, 'bad', { at: ago(0), run: 'scrub/demo/1' });
    const { next } = await evaluateReadiness(open, { platform: 'demo' });
    expect(next).toMatchObject({
      verdict: 'not ready',
      unmet: [{ name: 'recovery point', evidence: 'demo has no recovery point' }],
    });
  });
});

test('what is out of reach is no answer: it is thrown, for the workflow to count as not known', async () => {
  const { evaluate, catalogue } = await platformWith({ drilledWithinDays: 1 });
  await expect(evaluate(failure('DockerUnreachable'))).rejects.toMatchObject({ kind: 'DockerUnreachable' });
  await expect(evaluate(new Error('a bug'))).rejects.toThrow('a bug');
  const away = failure('ObjectStorageUnreachable');
  Object.assign(catalogue, { listOutcomes: () => Promise.reject(away) });
  await expect(evaluate()).rejects.toBe(away);
  Object.assign(catalogue, { listPoints: () => Promise.reject(away) });
  await expect(evaluate()).rejects.toBe(away);
});

test('each change is news once; without a receiver there is none', async () => {
  const full: Assessment = { ...fine, checks: [failed('disk', 'full', 'make room')] };
  const { evaluate } = await platformWith();
  const first = await evaluate(full);
  expect(first.news).toMatchObject({ verdict: 'not ready', before: 'ready', nowUnmet: ['disk'] });
  const second = await evaluate(full, first.next);
  expect(second.news).toBeUndefined();
  expect(second.next.since).toBe(first.next.since);
  const third = await evaluate(fine, second.next);
  expect(third.news).toMatchObject({ verdict: 'ready', before: 'not ready', metAgain: ['disk'] });
  expect((await evaluate(fine, third.next)).news).toBeUndefined();

  const quiet = await platformWith({}, { receiver: false });
  const alone = await quiet.evaluate(full);
  expect(alone.news).toBeUndefined();
  expect(verdictOf(alone)).toEqual(['not ready', ['disk']]);
});
