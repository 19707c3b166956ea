import { existsSync } from 'node:fs';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { eventually } from '../../../stack/engine.ts';
import { expecting } from '../../expecting.ts';
import { docker } from './engines.ts';
import { openThreeHosts, type ThreeHosts } from './three-hosts.ts';
import { versityGateway } from './wire.ts';

// Three Docker engines with networks of their own: the database on a, the queue on b, the core on c. It needs root, as the
// engines do.
const possible = process.getuid?.() === 0 && existsSync(versityGateway);

(possible ? describe : describe.skip)('a platform on three hosts', () => {
  let three: ThreeHosts;
  beforeAll(async () => {
    three = await openThreeHosts();
  }, 200_000);
  afterAll(() => three.end(), 60_000);

  const demand = async (args: string[]): Promise<RunProgress> => {
    const { exitCode, text, json } = await three.rekindle([...args, '--json']);
    expecting(exitCode, text).toBe(0);
    return json as RunProgress;
  };

  test('a host without a worker is named before anything is touched', async () => {
    await Promise.all(['a', 'b'].map((name) => three.startWorker(name)));
    const { exitCode, text } = await three.rekindle(['backup', three.platform]);
    expecting(exitCode, text).toBe(3);
    expect(text).toContain('No worker serves the host "c"');
    await three.startWorker('c');
  });

  test('containers and volumes are lost on two of them, and come back where they were', async () => {
    const { platform } = three;
    const write = (id: string) => {
      const path = `/nuvla-note/_doc/${id}?refresh=true`;
      return three.ask(path, { method: 'PUT', body: { id: `note/${id}` } });
    };
    await write('before');
    await demand(['backup', platform]);
    await write('after');
    for (const [host, service, ...volumes] of [
      ['a', 'elasticsearch', 'data'],
      ['b', 'zookeeper', 'data', 'log'],
    ] as const) {
      await docker(three.host(host), ['rm', '--force', `${platform}_${service}_1`]);
      await docker(three.host(host), ['volume', 'rm', ...volumes.map((volume) => `${platform}_${volume}`)]);
    }

    const { steps, checks, verdict } = await demand(['restore', platform, '--yes']);
    expect(verdict).toBe('pass');
    expect(steps.filter(({ title }) => / on b$/.test(title)).map(({ id }) => id)).toEqual(
      expect.arrayContaining([`create-volume-${platform}_data@b`, 'start-zookeeper', 'rebuild-jobs']),
    );
    // Nothing but what the plan names was touched, on none of the engines.
    for (const engine of ['engine a', 'engine b', 'engine c'])
      expect(checks.find(({ name }) => name === engine)).toMatchObject({ verdict: 'pass', remedy: '' });
    expect(await three.ask('/nuvla-note/_count')).toMatchObject({ count: 1 });
    // From the core on c over the queue on b into the database on a.
    const job = (await three.ask('/api/job', {
      method: 'POST',
      body: { action: 'start_deployment', target: 'deployment/after-restore', priority: 0 },
      port: 8080,
      on: 'c',
    })) as { 'resource-id': string };
    await eventually('the job is done', 40, async () => {
      const path = `/api/${job['resource-id']}`;
      expect(await three.ask(path, { port: 8080, on: 'c' })).toMatchObject({ state: 'SUCCESS' });
    });
  });
});
