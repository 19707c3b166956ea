import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import { retryToTheEnd } from '../swarm/retry.ts';
import { withSideContainer } from '../swarm/side-container.ts';
import { possible, untilItSays } from './on-the-wire.ts';
import { openTwoNodes, type TwoNodes } from './two-nodes.ts';

// A swarm of two nodes with an engine each: the manager, and a worker node that carries the data.

(possible ? describe : describe.skip)('data on another node than the manager', () => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await openTwoNodes();
  }, 280_000);
  afterAll(() => (nodes as TwoNodes | undefined)?.end(), 90_000);

  const demand = async (args: string[]): Promise<RunProgress> => {
    const { exitCode, text, json } = await nodes.rekindle([...args, '--json']);
    expecting(exitCode, text).toBe(0);
    return json as RunProgress;
  };
  const engines = ['engine data', 'engine manager'];
  const expectNothingElse = ({ checks }: RunProgress) => {
    for (const name of engines)
      expect(checks.find((check) => check.name === name)).toMatchObject({ verdict: 'pass', remedy: '' });
  };
  const isThere = async (user: string) =>
    nodes.ask(`/nuvla-user/_count?q=id:%22user/${user}%22`).then((found) => (found as { count: number }).count === 1);
  const write = (user: string) =>
    nodes.ask(`/nuvla-user/_doc/${user}?refresh=true`, 'PUT', JSON.stringify({ id: `user/${user}` }));

  test('a node with data and without a worker is named before anything is touched', async () => {
    await nodes.startWorker('manager');
    const { exitCode, text } = await nodes.rekindle(['backup', nodes.platform]);
    expecting(exitCode, text).toBe(3);
    expect(text).toContain('No worker serves the host "data"');
    await nodes.startWorker('data');
  });

  test('services, volumes and networks gone: all of it comes back, the data on its node', async () => {
    const { platform } = nodes;
    await write('before');
    await demand(['backup', platform]);
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
    expect(await nodes.volumes()).toEqual(volumes);
    expect(await isThere('before')).toBe(true);
  });

  test('in place: data is set aside on its node, and a rollback brings it back there', async () => {
    const { platform } = nodes;
    await write('later');
    const restored = await demand(['restore', platform, '--yes']);
    expectNothingElse(restored);
    expect(await isThere('later')).toBe(false);
    await demand(['rollback', restored.run]);
    expect(await isThere('later')).toBe(true);
  });

  test('a volume that somebody uses on the other node is named before anything is touched', async () => {
    const { platform, on } = nodes;
    const image = 'rekindle-stack/core:1';
    await on('data', 'run', '--detach', '--name', 'sharer', '--volume', 'db_esdata:/seen:ro', image, 'sleep', '600');
    const { exitCode, text } = await nodes.rekindle(['restore', platform, '--yes']);
    expecting(exitCode, text).toBe(3);
    expect(text).toMatch(/db_esdata .*is also used by sharer/);
    await on('data', 'rm', '--force', 'sharer');
  });

  test('the node is gone in the middle: it is waited for, then a person decides, and the run ends as it should', async () => {
    const { platform } = nodes;
    const restore = nodes.begin(['restore', platform, '--yes']);
    await untilItSays(restore, /done quarantine volume db_esdata/, 120);
    await nodes.killEngine(nodes.host('data'));
    const asks = await restore.ended;
    expecting(asks.exitCode, asks.text).toBe(4);
    expect(asks.text).toMatch(/data\/docker\.sock/);
    await nodes.startEngine(nodes.host('data'));
    await retryToTheEnd(nodes.rekindle, platform);
    expectNothingElse(await demand(['report', platform]));
  });

  test('a side container rebuilds the queue on the node of its service', async () => {
    await withSideContainer(nodes.platformFile);
    const { steps } = await demand(['restore', nodes.platform, '--yes']);
    expect(steps.find(({ id }) => id.startsWith('run-jobs'))?.title).toMatch(/ on data$/);
    expect(JSON.stringify(steps)).toMatch(/Exit code 0; restored [1-9]\d* jobs/);
  });
});
