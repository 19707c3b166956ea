import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  expectAlive,
  expectPassed,
  facts,
  leftOfDrills,
  pointsOf,
  snapshotOfEngine,
  useScenario,
  useVariant,
} from '../harness/index.ts';
import { ownChecks } from './own-checks.ts';

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
afterAll(() => scenario.spoil());

test('a drill passes next to the living platform, proves its point, touches nothing and leaves nothing', async () => {
  const { platform, rekindle, startWorker } = scenario;
  const { project } = platform;
  const { smoke, evidence } = ownChecks();
  await variant.write((file) => Object.assign(file, { drill: { core: ['api'] }, smoke }));
  const { environment } = variant;
  await startWorker(environment);
  const before = await snapshotOfEngine();

  const shown = await rekindle(['drill', project, '--dry-run', '--json'], { environment });
  expect(shown).toMatchObject({ exitCode: 0, json: { verdict: 'pass', plan: { kind: 'drill' } } });
  expect(await leftOfDrills(project)).toEqual([]);

  const { run, checks, steps, recoveryPoint, sources, manifestHash, provenAt } = await expectPassed(
    scenario,
    await rekindle(['drill', project, '--json'], { environment }),
  );
  expect(recoveryPoint?.id).toBe(facts().point);
  for (const name of ['drill memory', 'drill disk', 'queue entries', 'health', 'engine'])
    expect(checks).toContainEqual(expect.objectContaining({ name, verdict: 'pass' }));
  // Checks of one's own count in the drill as in a restore.
  const own = checks.filter(({ name }) => name.startsWith('smoke '));
  expect(own.map(({ verdict, evidence }) => [verdict, evidence])).toEqual(evidence.map((words) => ['pass', words]));
  for (const { action, startedAt, finishedAt } of steps)
    expect({ action, startedAt, finishedAt }).toEqual({
      action,
      startedAt: expect.any(String) as string,
      finishedAt: expect.any(String) as string,
    });

  expect(sources?.images['elasticsearch']).toMatchObject({ digest: expect.stringMatching(/./) as string });
  expect(Object.values(sources?.elasticsearch ?? {})).toEqual([expect.stringMatching(/^\d+\.\d+\./) as string]);
  expect([manifestHash, provenAt]).toEqual([
    expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    expect.any(String) as string,
  ]);

  expect(await snapshotOfEngine()).toEqual(before);
  expect(await leftOfDrills(project)).toEqual([]);
  const [point] = await pointsOf(scenario);
  expect(point).toMatchObject({ id: facts().point, provenAt: expect.any(String) as string });
  await expectAlive(scenario);

  expect(await rekindle(['report', 'verify', project, '--json'])).toMatchObject({
    exitCode: 0,
    json: { verdict: 'pass', faults: [] },
  });
  const out = join(await mkdtemp(join(tmpdir(), 'rkt-bundle-')), 'bundle');
  expect(await rekindle(['report', 'export', project, '--out', out, '--json'])).toMatchObject({
    exitCode: 0,
    json: { reports: [{ run, verdict: 'pass', provenAt }], chain: { faults: [] } },
  });
  expect(await readFile(join(out, 'summary.html'), 'utf8')).toContain(`>${run}</a>`);
  await rm(dirname(out), { recursive: true });
});
