import { expecting } from '../../expecting.ts';
import { loseEverything, notes, putBystanders, runJob, write } from './stories.ts';
import { openThreeHosts, possible, type ThreeHosts } from './three-hosts.ts';

// Three Docker engines with networks of their own: the database on a, the queue and the API on b, their front on c. Nothing but
// b's own worker reaches the queue. c has no worker: its engine is served over TLS by a's.

(possible ? describe : describe.skip)('a platform on three hosts', () => {
  let three: ThreeHosts;
  beforeAll(async () => {
    three = await openThreeHosts({ c: 'tls' });
  });
  afterAll(() => three.end(), 60_000);

  test('lost on all of them, it comes back where it was, and a host without a worker is named before', async () => {
    const { platform } = three;
    const bystanders = await putBystanders(three);
    await write(three, 'before');
    const before = await three.inventories();
    const untouched = await bystanders();

    await three.startWorker('a');
    const { exitCode, text } = await three.rekindle(['backup', platform]);
    expecting(exitCode, text).toBe(3);
    expect(text).toContain('No worker serves the host "b"');
    expect(text).toContain('Start "rekindle worker" on it');
    expect(await three.inventories()).toEqual(before);

    await three.startWorker('b');
    await three.demand(['backup', platform]);
    await write(three, 'after');
    await loseEverything(three);
    const { steps, checks, verdict } = await three.demand(['restore', platform, '--yes']);
    expect(verdict).toBe('pass');
    const at = (host: string) => steps.filter(({ title }) => title.endsWith(` on ${host}`)).map(({ id }) => id);
    expect(at('b')).toEqual(
      expect.arrayContaining([`create-volume-${platform}_data@b`, 'start-zookeeper', 'rebuild-jobs']),
    );
    expect(at('c')).toContain('start-web');
    for (const engine of ['engine a', 'engine b', 'engine c'])
      expect(checks.find(({ name }) => name === engine)).toMatchObject({ verdict: 'pass', remedy: '' });

    expect(await notes(three)).toEqual(['before']);
    expect(await bystanders()).toEqual(untouched);
    expect(await three.inventories()).toEqual(before);
    const idOf = () => three.containerOf('b', 'zookeeper');
    const id = await idOf();
    await three.composeUp();
    expect(await idOf()).toBe(id);
    await runJob(three);
  });
});
