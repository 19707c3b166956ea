import { expecting } from '../../expecting.ts';
import { loseEverything, notes, putBystanders, runJob, write } from './stories.ts';
import { openThreeHosts, possible, type ThreeHosts } from './three-hosts.ts';

// One worker for three hosts: it runs on a, and reaches b's engine over TLS and c's over SSH. The queue on b is published, since
// nobody reaches its container's own address from a.

(possible ? describe : describe.skip)('a platform on three hosts, two of them without a worker', () => {
  let three: ThreeHosts;
  beforeAll(async () => {
    three = await openThreeHosts({ b: 'tls', c: 'ssh' });
  });
  afterAll(() => three.end(), 60_000);

  test('all of it is lost and comes back, and is rolled back to what is left', async () => {
    const { platform } = three;
    const bystanders = await putBystanders(three);
    await three.startWorker('a');
    await write(three, 'before');
    const [before, untouched] = [await three.inventories(), await bystanders()];
    await three.demand(['backup', platform]);
    const said = await three.demand(['check', platform]);
    for (const name of ['endpoint on b', 'endpoint on c', 'clock on b', 'clock on c'])
      expecting(
        said.checks.find((check) => check.name === name),
        name,
      ).toMatchObject({ verdict: 'pass' });
    await loseEverything(three);
    const { verdict, checks } = await three.demand(['restore', platform, '--yes']);
    expect(verdict).toBe('pass');
    for (const name of ['endpoint on b', 'endpoint on c', 'engine b', 'engine c'])
      expecting(
        checks.find((check) => check.name === name),
        name,
      ).toMatchObject({ verdict: 'pass' });
    expect(await notes(three)).toEqual(['before']);
    expect([await three.inventories(), await bystanders()]).toEqual([before, untouched]);
    await runJob(three);

    await write(three, 'after');
    const { run } = await three.demand(['restore', platform, '--yes']);
    expect(await notes(three)).toEqual(['before']);
    const { exitCode, text } = await three.rekindle(['rollback', run]);
    expecting(exitCode, text).toBe(0);
    expect(await notes(three)).toEqual(['after', 'before']);
    expect([await three.inventories(), await bystanders()]).toEqual([before, untouched]);
    await runJob(three);
  });
});
