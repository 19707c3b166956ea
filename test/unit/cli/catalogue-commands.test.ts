import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { accept } from '../../../cli/commands/accept.ts';
import { pin } from '../../../cli/commands/pin.ts';
import { points } from '../../../cli/commands/points.ts';
import { report } from '../../../cli/commands/report.ts';
import { status } from '../../../cli/commands/status.ts';
import { unpin } from '../../../cli/commands/unpin.ts';
import type { Command, Options } from '../../../cli/command.ts';
import { startProgress, type RunProgress } from '../../../domain/runs/progress.ts';
import { runCommand } from '../../run-command.ts';
import { writtenCatalogue, type WrittenCatalogue } from '../../systems/gateway/catalogue.ts';

// Commands that need the catalogue alone: there is no Temporal where they are told to look for it.

let folder: string;
const nowhere = '127.0.0.1:1';
const run = (command: Command, args: string[], options?: Options) =>
  runCommand({ REKINDLE_PLATFORMS: folder, TEMPORAL_ADDRESS: nowhere }, command, args, options);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekindle-commands-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function platform(name: string, changed: object = {}): Promise<WrittenCatalogue> {
  const path = join(folder, `${name}-catalogue`);
  await mkdir(path);
  const repository = { name: 'backup', type: 's3', settings: {} };
  const file = {
    platform: name,
    deployment: { kind: 'compose', project: name, data: ['elasticsearch'] },
    stores: [{ name: 'documents', kind: 'elasticsearch', service: 'elasticsearch', repository }],
    catalogue: { kind: 'directory', path },
    ...changed,
  };
  await writeFile(join(folder, `${name}.yaml`), stringify(file));
  return writtenCatalogue(path, name);
}

const passedReport = (id: string): RunProgress => ({
  ...startProgress(id, 'restore', 'nuvla', '2026-11-21T09:30:00.000Z'),
  phase: 'passed',
  verdict: 'pass',
  finishedAt: '2026-11-21T09:31:00.000Z',
});

test('status without a run: every platform, without Temporal', async () => {
  const nuvla = await platform('nuvla', { objectives: { recoveryPointMinutes: 60 } });
  const point = await nuvla.passes(1800);
  await nuvla.catalogue.mark(point, 'proven', { at: new Date().toISOString(), run: 'restore/nuvla/1' });
  const old = await platform('old', { objectives: { recoveryPointMinutes: 60 } });
  await old.passes(7200);
  await old.fails(60, { kind: 'ClusterRed', message: 'the cluster is red', remedy: 'turn it green' });
  await writeFile(join(folder, 'broken.yaml'), 'platform: [');

  const { exitCode, said, documents } = await run(status, []);
  expect(exitCode).toBe(1);
  expect(documents).toMatchObject([
    {
      platforms: [
        { platform: 'broken', state: 'unknown' },
        {
          platform: 'nuvla',
          state: 'good',
          newestGood: { id: point },
          newestProven: { id: point },
          lastRun: { kind: 'backup', phase: 'passed' },
          runs: { trouble: { kind: 'TemporalUnreachable' } },
        },
        { platform: 'old', state: 'failed', lastRun: { phase: 'failed', failure: 'ClusterRed' } },
      ],
    },
  ]);
  expect(said).toMatch(/^nuvla: good$/m);
  expect(said).toMatch(new RegExp(`newest point +${point}, data 30 min old; RPO 1 h 0 min`));
  expect(said).toMatch(/last run +backup\/nuvla\/\S+, passed at \S+ after 2\.0 s/);
  expect(said).toMatch(/now +not known: Temporal does not answer at 127\.0\.0\.1:1/);
  expect(said).toMatch(/^old: failed, .* is 2 h 0 min old; the objective is 1 h 0 min$/m);
  expect(said).toContain('→ turn it green');
});

test('a report is found by its run alone, by its platform’s name, and in whichever catalogue holds it', async () => {
  await platform('alpha');
  const nuvla = await platform('nuvla');
  const id = 'restore/nuvla/2026-11-21T09:30:00Z';
  for (const name of [id, 'by-hand-in-the-ui']) {
    await nuvla.catalogue.writeReport(name, passedReport(name));
    await nuvla.outcome({ run: name, kind: 'restore', finishedAt: '2026-11-21T09:31:00.000Z' });
  }
  await nuvla.outcome({ run: `quarantine/${id}`, kind: 'quarantine', phase: 'released' });
  expect(await run(report, [id])).toMatchObject({ exitCode: 0, documents: [{ run: id }] });
  expect((await run(report, ['by-hand-in-the-ui'])).documents).toMatchObject([{ run: 'by-hand-in-the-ui' }]);
  expect((await run(report, ['nuvla'])).documents).toMatchObject([{ phase: 'passed' }]);
  expect((await run(report, [id], { platform: 'alpha' })).failure?.message).toBe(
    `The catalogue of alpha holds no report of a run "${id}"`,
  );
  expect((await run(report, ['alpha'])).failure).toMatchObject({ kind: 'RunNotFound' });
  expect((await run(report, ['nonesuch'])).failure?.message).toBe('No catalogue holds a report of a run "nonesuch"');
  expect((await run(report, [id], { platform: 'nonesuch' })).failure).toMatchObject({ kind: 'UnknownPlatform' });
});

test('a broken platform file does not hide the reports of another platform', async () => {
  await writeFile(join(folder, 'broken.yaml'), 'platform: [');
  const nuvla = await platform('nuvla');
  await nuvla.catalogue.writeReport('mine', passedReport('mine'));
  expect(await run(report, ['mine'])).toMatchObject({ exitCode: 0 });
  expect((await run(report, ['other'])).failure?.message).toMatch(/; not searched: broken: .*not valid YAML/s);
});

test('latest and proven are accepted wherever a point is', async () => {
  const nuvla = await platform('nuvla');
  const older = await nuvla.passes(7200);
  const newer = await nuvla.passes(600);
  await nuvla.catalogue.mark(older, 'proven', { at: new Date().toISOString(), run: 'restore/nuvla/1' });
  expect((await run(pin, ['nuvla', 'latest'])).documents).toMatchObject([{ point: newer, changed: true }]);
  expect((await run(pin, ['nuvla', 'proven'])).documents).toMatchObject([{ point: older, changed: true }]);
  expect((await run(pin, ['nuvla', newer])).documents).toMatchObject([{ point: newer, changed: false }]);
  expect((await run(unpin, ['nuvla', 'latest'], {})).documents).toMatchObject([
    { point: newer, unpinned: ['person/ann'] },
  ]);
  await platform('empty');
  expect((await run(pin, ['empty', 'latest'])).failure).toMatchObject({ kind: 'RecoveryPointNotFound' });
});

test('a suspect point is listed as such, and counts when a person has accepted it', async () => {
  const nuvla = await platform('nuvla');
  const good = await nuvla.passes(7200);
  const suspect = await nuvla.passes(600);
  const by = { at: new Date().toISOString(), run: 'backup/nuvla/1', note: 'nuvla-user is gone' };
  await nuvla.catalogue.mark(suspect, 'suspect', by);
  expect((await run(points, ['nuvla'], {})).said).toMatch(new RegExp(`^${suspect} .* suspect, not proven`, 'm'));
  expect((await run(pin, ['nuvla', 'latest'])).documents).toMatchObject([{ point: good }]);

  const word = { by: 'ann', reason: 'the old users were deleted on purpose' };
  expect(await run(accept, ['nuvla', suspect], word)).toMatchObject({
    exitCode: 0,
    documents: [{ platform: 'nuvla', point: suspect, ...word, suspectFor: 'nuvla-user is gone', changed: true }],
  });
  expect((await run(accept, ['nuvla', suspect], word)).documents).toMatchObject([{ changed: false }]);
  expect((await run(pin, ['nuvla', 'latest'])).documents).toMatchObject([{ point: suspect }]);
  expect((await run(accept, ['nuvla', good], word)).failure).toMatchObject({ kind: 'InvalidArgument' });
  expect((await run(accept, ['nuvla', suspect], { ...word, reason: ' ' })).failure?.message).toMatch(/reason is empty/);
});

test('a cluster that is to write is accepted by its UUID, in place of a point', async () => {
  const nuvla = await platform('nuvla');
  const word = { by: 'ann', reason: 'moved to the new machine', cluster: 'hUzP5bF1Q2-bR0t3vW9xYz' };
  expect(await run(accept, ['nuvla'], word)).toMatchObject({ exitCode: 0, documents: [{ cluster: word.cluster }] });
  expect(await nuvla.catalogue.listWriters()).toMatchObject([{ clusterUuid: word.cluster, by: 'person/ann' }]);
  for (const [args, given] of [
    [['nuvla'], { reason: 'x' }],
    [['nuvla', 'some'], word],
  ] as const)
    expect((await run(accept, [...args], given)).failure).toMatchObject({ kind: 'InvalidArgument' });
});
