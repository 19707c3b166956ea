import type { RunProgress } from '../../../domain/runs/progress.ts';
import { eventually } from '../../../stack/engine.ts';
import { expecting } from '../../expecting.ts';
import { runningTasks } from '../../swarm-inspect.ts';
import { possible, untilItSays } from '../hosts/on-the-wire.ts';
import { putBystanders } from '../hosts/stories.ts';
import { retryToTheEnd } from '../swarm/retry.ts';
import { withSideContainer } from '../swarm/side-container.ts';
import { withDrill } from '../swarm/with-drill.ts';
import { look } from './looks.ts';
import { openTwoNodes, type TwoNodes } from './two-nodes.ts';

// A swarm of two nodes with an engine each: the manager, and a worker node that carries the data.

/** In milliseconds: two restores in a row, on a machine that has other work as well. */
const limit = 600_000;

(possible ? describe : describe.skip)('data on another node than the manager', () => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await openTwoNodes();
  });
  afterAll(() => (nodes as TwoNodes | undefined)?.end(), 180_000);

  const engines = ['engine data', 'engine manager'];
  const expectNothingElse = ({ checks }: RunProgress) => {
    for (const name of engines)
      expect(checks.find((check) => check.name === name)).toMatchObject({ verdict: 'pass', remedy: '' });
  };

  test('a node with data and without a worker is named before anything is touched', async () => {
    await nodes.startWorker('manager');
    const { exitCode, text } = await nodes.rekindle(['backup', nodes.platform]);
    expecting(exitCode, text).toBe(3);
    expect(text).toContain('No worker serves the host "data"');
    await nodes.startWorker('data');
  });

  test(
    'services, volumes and networks gone: all of it comes back as it was, the data on its node',
    async () => {
      const { platform, demand } = nodes;
      await nodes.write('before');
      await demand(['backup', platform]);
      const bystanders = await putBystanders(nodes);
      const [before, untouched] = [await look(nodes), await bystanders()];
      const volumes = await nodes.volumes();
      expect(volumes).toEqual({ manager: ['streams_kafka-data'], data: ['db_esdata', 'db_zkdata', 'db_zkdatalog'] });
      await nodes.destroy();
      expect(await nodes.volumes()).toEqual({ manager: [], data: [] });

      const restored = await demand(['restore', platform, '--yes']);
      expect(restored.verdict).toBe('pass');
      expect(restored.steps.filter(({ title }) => / on data$/.test(title)).map(({ id }) => id)).toEqual(
        expect.arrayContaining(['create-volume-db_esdata@data', 'rebuild-jobs', 'restore-documents']),
      );
      expectNothingElse(restored);
      expect(await look(nodes)).toEqual(before);
      expect(await bystanders()).toEqual(untouched);
      expect(await nodes.isThere('before')).toBe(true);

      const tasks = await runningTasks(nodes);
      for (const stack of nodes.stacks) await nodes.deploy(stack);
      expect(await runningTasks(nodes)).toEqual(tasks);
      expect(await look(nodes)).toEqual(before);
    },
    limit,
  );

  test(
    'in place: data is set aside on its node, and a rollback brings it back there',
    async () => {
      const { platform, demand } = nodes;
      await nodes.write('later');
      const before = await look(nodes);
      const restored = await demand(['restore', platform, '--yes']);
      expectNothingElse(restored);
      expect(await nodes.isThere('later')).toBe(false);
      await demand(['rollback', restored.run]);
      expect(await nodes.isThere('later')).toBe(true);
      // Someone who looks for what is in quarantine does so in a container of its own, for a moment.
      await eventually('all as it was', 60, async () => expect(await look(nodes)).toEqual(before));
    },
    limit,
  );

  test(
    'a drill is made on the node of the data, whose worker does all of it, and nothing of it is left there',
    async () => {
      const { platform, demand } = nodes;
      await withDrill(nodes.platformFile);
      const before = await look(nodes);
      const { steps, checks, verdict } = await demand(['drill', platform]);
      expect(verdict).toBe('pass');
      expect(steps.filter(({ title }) => !/ on data$/.test(title)).map(({ title }) => title)).toEqual([]);
      expect(checks.find(({ name }) => name === 'drill scene')?.evidence).toContain('plain containers on data');
      expect(checks.find(({ name }) => name === 'engine')).toMatchObject({
        verdict: 'pass',
        remedy: '',
        evidence: expect.stringMatching(/^data: /) as string,
      });
      expect(await look(nodes)).toEqual(before);
    },
    limit,
  );

  test('a volume that somebody uses on the other node is named before anything is touched', async () => {
    const { platform, on } = nodes;
    const image = 'rekindle-stack/core:1';
    await on('data', 'run', '--detach', '--name', 'sharer', '--volume', 'db_esdata:/seen:ro', image, 'sleep', '600');
    const { exitCode, text } = await nodes.rekindle(['restore', platform, '--yes']);
    expecting(exitCode, text).toBe(3);
    expect(text).toMatch(/db_esdata .*is also used by sharer/);
    await on('data', 'rm', '--force', 'sharer');
  });

  test(
    'the node is gone in the middle: it is waited for, then a person decides, and the run ends as it should',
    async () => {
      const { platform } = nodes;
      const before = await look(nodes);
      const restore = nodes.begin(['restore', platform, '--yes']);
      await untilItSays(restore, /done quarantine volume db_esdata/, 120);
      await nodes.killEngine(nodes.host('data'));
      const asks = await restore.ended;
      expecting(asks.exitCode, asks.text).toBe(4);
      // The swarm knows the node as down, or, when its worker was asked first, its engine does not answer.
      expect(asks.text).toMatch(/1 node not available for new tasks|data\/docker\.sock/);
      await nodes.startEngine(nodes.host('data'));
      await retryToTheEnd(nodes.rekindle, platform);
      expectNothingElse(await nodes.demand(['report', platform]));
      expect(await look(nodes)).toEqual(before);
    },
    limit,
  );

  test(
    'a side container rebuilds the queue on the node of its service',
    async () => {
      await withSideContainer(nodes.platformFile);
      const { steps } = await nodes.demand(['restore', nodes.platform, '--yes']);
      expect(steps.find(({ id }) => id.startsWith('run-jobs'))?.title).toMatch(/ on data$/);
      expect(JSON.stringify(steps)).toMatch(/Exit code 0; restored [1-9]\d* jobs/);
    },
    limit,
  );
});
