import { join } from 'node:path';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { copyImages } from '../../../chaos/images.ts';
import { eventually } from '../../../stack/engine.ts';
import { expecting } from '../../expecting.ts';
import { makeVersion } from './another-version.ts';
import { docker } from './engines.ts';
import { imagesOf } from './platform.ts';
import type { Started } from './processes.ts';
import { notes, runJob, write } from './stories.ts';
import { openThreeHosts, possible, type ThreeHosts } from './three-hosts.ts';

// Three hosts with a worker each, and what goes wrong with one of them while a run goes on.

/** In milliseconds: a restore, and the outage that it waits for. */
const faultLimit = 400_000;

(possible ? describe : describe.skip)('a platform on three hosts, of which one fails', () => {
  let three: ThreeHosts;
  let workerOfB: Started;
  beforeAll(async () => {
    three = await openThreeHosts();
    [, workerOfB] = (await Promise.all(['a', 'b', 'c'].map((name) => three.startWorker(name)))) as [Started, Started];
    await write(three, 'before');
    await three.demand(['backup', three.platform]);
  });
  afterAll(() => three.end(), 60_000);

  /** A restore, and what happens on b when it has stopped the queue there; the report of the run, which must pass. */
  const restoreWhile = async (happens: () => Promise<unknown>): Promise<RunProgress> => {
    await write(three, 'after');
    const before = await three.inventories();
    const queue = await three.containerOf('b', 'zookeeper');
    const restore = three.begin(['restore', three.platform, '--yes', '--json']);
    await eventually('the queue is stopped', 120, async () => {
      const running = await docker(three.host('b'), ['inspect', '--format', '{{.State.Running}}', queue]);
      if (running !== 'false') throw new Error(`${running}\n${restore.stderr()}`);
    });
    await happens();
    const { exitCode, text, json } = await restore.ended;
    expecting(exitCode, text).toBe(0);
    expect(await notes(three)).toEqual(['before']);
    expect(await three.inventories()).toEqual(before);
    await runJob(three);
    return json as RunProgress;
  };

  test(
    'a restore is rolled back on every host',
    async () => {
      await write(three, 'after');
      const before = await three.inventories();
      const { run } = await three.demand(['restore', three.platform, '--yes']);
      expect(await notes(three)).toEqual(['before']);
      const { exitCode, text } = await three.rekindle(['rollback', run]);
      expecting(exitCode, text).toBe(0);
      await eventually('the database answers', 60, async () => expect(await notes(three)).toEqual(['after', 'before']));
      // Someone who looks for what is in quarantine does so in a container of its own, for a moment.
      await eventually('all as it was', 60, async () => expect(await three.inventories()).toEqual(before));
      await runJob(three);
    },
    faultLimit,
  );

  test(
    'a drill brings the services of all hosts together where the documents lie; an image that is not there is named first',
    async () => {
      const [zookeeper = ''] = imagesOf['b'] ?? [];
      const refused = await three.rekindle(['drill', three.platform]);
      expecting(refused.exitCode, refused.text).toBe(3);
      expect(refused.text).toContain(`Image ${zookeeper}`);
      const machine = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
      await copyImages(machine, three.host('a').dockerHost, [zookeeper]);
      const before = await three.inventories();
      const { checks, verdict } = await three.demand(['drill', three.platform]);
      expect(verdict).toBe('pass');
      expect(checks.find(({ name }) => name === 'drill scene')?.evidence).toContain('plain containers on a;');
      for (const name of ['drill images', 'queue entries', 'engine'])
        expect(checks).toContainEqual(expect.objectContaining({ name, verdict: 'pass' }));
      expect(await three.inventories()).toEqual(before);
    },
    faultLimit,
  );

  test(
    'its worker is killed in the middle: the run waits for another one, and goes on',
    async () => {
      await restoreWhile(async () => {
        await workerOfB.stop('SIGKILL');
        workerOfB = await three.startWorker('b');
      });
    },
    faultLimit,
  );

  test(
    'its worker is replaced in the middle by one of another version: the old one hands over, the run says so',
    async () => {
      const old = workerOfB;
      const program = await makeVersion('9.9.9', join(three.folder, 'version'));
      workerOfB = await three.startWorker('b', { program });
      const { checks } = await restoreWhile(() => old.stop('SIGTERM'));
      const versions = checks.find(({ name }) => name === 'workers');
      expect(versions).toMatchObject({ verdict: 'pass', warning: true });
      expect(versions?.evidence).toMatch(/9\.9\.9\+\S+ \(\d+@b\)/);
    },
    faultLimit,
  );

  test(
    'its engine restarts in the middle: what was stopped there stays stopped, and the run goes on',
    async () => {
      await restoreWhile(() => three.restartEngine(three.host('b')));
    },
    faultLimit,
  );

  test(
    'its clock is an hour ahead: refused before anything is touched, with the host and the remedy',
    async () => {
      await workerOfB.stop('SIGTERM');
      const clock = new URL('clock-ahead.mjs', import.meta.url).href;
      workerOfB = await three.startWorker('b', {
        environment: { NODE_OPTIONS: `--import=${clock}`, CLOCK_AHEAD_SECONDS: '3600' },
      });
      const before = await three.inventories();
      const { exitCode, text } = await three.rekindle(['restore', three.platform, '--yes']);
      expecting(exitCode, text).toBe(3);
      expect(text).toMatch(/clock on b/);
      expect(text).toMatch(/The clock of b is .* ahead of that of the S3 server of the catalogue/);
      expect(text).toContain('on b: "timedatectl set-ntp true"');
      expect(await three.inventories()).toEqual(before);
    },
    faultLimit,
  );
});
