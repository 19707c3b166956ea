import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import { inspected } from '../../swarm-inspect.ts';
import { startSmallNuvla, type SmallNuvla } from './small-nuvla.ts';

// What others do to a swarm while data is set aside and services stand still.

let nuvla: SmallNuvla;
let before: Awaited<ReturnType<typeof inspected>>;

beforeAll(async () => {
  nuvla = await startSmallNuvla();
  await nuvla.startWorker();
  const backup = await nuvla.rekindle(['backup', nuvla.name, '--json']);
  expecting(backup, backup.stdout + backup.stderr).toMatchObject({ exitCode: 0 });
  before = await inspected(nuvla.swarm);
}, 240_000);
afterAll(() => nuvla.end(), 60_000);

/** Starts a restore, and is there when the old data has been set aside. */
async function restoreUntilDataIsAside() {
  const restore = nuvla.follow(['restore', nuvla.name, '--yes']);
  await restore.saw(/done quarantine volume db_esdata/, 120);
  return restore;
}

async function expectRetriedToPass(): Promise<void> {
  const retry = await nuvla.rekindle(['decide', nuvla.name, 'retry', '--by', 'anna', '--json']);
  expecting(retry, retry.stdout + retry.stderr).toMatchObject({ exitCode: 0 });
  const watched = await nuvla.rekindle(['watch', nuvla.name]);
  expecting(watched, watched.stdout + watched.stderr).toMatchObject({ exitCode: 0 });
  const report = await nuvla.rekindle(['report', nuvla.name, '--json']);
  expect((report.json as RunProgress).verdict).toBe('pass');
  expect(await inspected(nuvla.swarm)).toEqual(before);
}

test('a stack that somebody deploys in the middle: found before indices are restored, and a person decides', async () => {
  const restore = await restoreUntilDataIsAside();
  await nuvla.deploy('streams');
  const ended = await restore.ended;
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 4 });
  const said = ended.stdout + ended.stderr;
  expect(said).toMatch(/service:streams_subs-notifs \(over changed by somebody else since it was stopped/);
  expect(said).toContain('docker service scale streams_subs-notifs=0');
  await nuvla.swarm.cli(['service', 'scale', '--detach', 'streams_subs-notifs=0']);
  await expectRetriedToPass();
});
