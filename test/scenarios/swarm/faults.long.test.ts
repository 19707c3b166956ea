import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { eventually } from '../../../stack/engine.ts';
import { expecting } from '../../expecting.ts';
import { inspected } from '../../swarm-inspect.ts';
import { retryToTheEnd } from './retry.ts';
import { startSmallNuvla, type SmallNuvla } from './small-nuvla.ts';

// What happens to a swarm while data is set aside and services stand still.

/** In milliseconds: a restore and what it waits for, on a machine that has other work as well. */
const limit = 600_000;

let nuvla: SmallNuvla;
let before: Awaited<ReturnType<typeof inspected>>;

beforeAll(async () => {
  nuvla = await startSmallNuvla();
  await nuvla.startWorker();
  const backup = await nuvla.rekindle(['backup', nuvla.name, '--json']);
  expecting(backup, backup.stdout + backup.stderr).toMatchObject({ exitCode: 0 });
  before = await inspected(nuvla.swarm);
});
afterAll(() => nuvla.end(), 60_000);

/** Starts a restore that gives services so long to be healthy, and is there when the old data has been set aside. */
async function restoreUntilDataIsAside(healthTimeoutSeconds = 180) {
  const file = parse(await readFile(nuvla.platformFile, 'utf8')) as { deployment: object; restore: object };
  Object.assign(file.deployment, { healthTimeoutSeconds });
  Object.assign(file.restore, { outageSeconds: 120 });
  await writeFile(nuvla.platformFile, stringify(file, { aliasDuplicateObjects: false }));
  const restore = nuvla.follow(['restore', nuvla.name, '--yes']);
  await restore.saw(/done quarantine volume db_esdata/, 120);
  return restore;
}

async function expectRetriedToPass(): Promise<void> {
  await retryToTheEnd(async (args) => {
    const { exitCode, stdout, stderr, json } = await nuvla.rekindle(args);
    return { exitCode, text: stdout + stderr, json };
  }, nuvla.name);
  const report = await nuvla.rekindle(['report', nuvla.name, '--json']);
  expect((report.json as RunProgress).verdict).toBe('pass');
  expect(await inspected(nuvla.swarm)).toEqual(before);
}

test(
  'a stack that somebody deploys in the middle: found before indices are restored, and a person decides',
  async () => {
    const restore = await restoreUntilDataIsAside();
    await nuvla.deploy('streams');
    const ended = await restore.ended;
    expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 4 });
    const said = ended.stdout + ended.stderr;
    expect(said).toMatch(/service:streams_subs-notifs \(over changed by somebody else since it was stopped/);
    expect(said).toContain('docker service scale streams_subs-notifs=0');
    await nuvla.swarm.cli(['service', 'scale', '--detach', 'streams_subs-notifs=0']);
    await expectRetriedToPass();
  },
  limit,
);

test(
  'the node is drained in the middle: Swarm starts no task, which is said; retried on the node that is back',
  async () => {
    const restore = await restoreUntilDataIsAside(60);
    const node = (await nuvla.swarm.cli(['node', 'ls', '--quiet'])).trim();
    await nuvla.swarm.cli(['node', 'update', '--availability', 'drain', node]);
    const ended = await restore.ended;
    expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 4 });
    expect(ended.stdout + ended.stderr).toMatch(
      /service db_(es|zk) has not had all its tasks running.*no suitable node/,
    );
    await nuvla.swarm.cli(['node', 'update', '--availability', 'active', node]);
    await expectRetriedToPass();
  },
  limit,
);

test(
  'the manager dies in the middle and comes back: the run goes on by itself, and passes',
  async () => {
    const restore = await restoreUntilDataIsAside();
    await nuvla.swarm.kill();
    await nuvla.swarm.start();
    // Its engine does not always start what ran when it was killed; the object storage is not on trial here.
    await eventually('the S3 server runs', 60, () => nuvla.swarm.cli(['start', 's3']));
    const ended = await restore.ended;
    expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
    expect(await inspected(nuvla.swarm)).toEqual(before);
  },
  limit,
);
