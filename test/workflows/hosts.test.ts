import { askThroughTemporal } from '../../activities/hosts.ts';
import { assertPolled } from '../../activities/task-queue.ts';
import { activity } from '../../activities/activity.ts';
import type { Environment } from '../../config/environment.ts';
import { passed } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { checkNow } from '../../client/check-now.ts';
import { refusal, type FakeOptions } from './fake-platform.ts';
import { test } from './hosts-scene.ts';

const ofOther = /zookeeper|job-executor|zk-|jobs/;

test('each step runs on the host that its plan names', async ({ openHosts }) => {
  const { start, places } = await openHosts();
  const report = (await (await start('restore')).result()) as RunProgress;
  expect(report.phase).toBe('passed');
  const once = ['repeatPreflight', 'recordDeployment', 'smokeCheck', 'captureDeployment', 'publishRecoveryPoint'];
  for (const [what, host] of places) {
    if (ofOther.test(what)) expect([what, host]).toEqual([what, 'other']);
    if (once.includes(what) || what.includes('elasticsearch')) expect([what, host]).toEqual([what, 'machine']);
  }
  for (const everywhere of ['confirmHealth', 'fence data moves', 'fence core starts'])
    expect(places.filter(([what]) => what === everywhere).map(([, host]) => host)).toEqual(
      expect.arrayContaining(['machine', 'other']),
    );
});

test('what was begun is undone on the host where it was', async ({ openHosts }) => {
  const { start, places } = await openHosts({
    onStep(what) {
      if (what === 'stopService elasticsearch') throw refusal('ContainerFailed');
      return undefined;
    },
  });
  await (await start('restore')).result().catch(() => undefined);
  expect(places).toEqual(
    expect.arrayContaining([
      ['startService job-executor', 'other'],
      ['startService zookeeper', 'other'],
      ['startService api', 'machine'],
    ]),
  );
  expect(places.filter(([what]) => what.startsWith('quarantineVolume'))).toEqual([]);
});

/** An `assess` that asks the other host and tells what it heard. */
const asking = (): Partial<FakeOptions> => ({
  overrides: (own) => ({
    assess: activity(async ({ platform }: { platform: string }) => {
      const environment = { taskQueue: `test-${platform}` } as Environment;
      const made = { platform, services: [], volumes: ['there', 'gone'] };
      const answer = await askThroughTemporal(environment)({
        platform,
        host: 'other',
        question: 'findGone',
        asked: made,
      });
      return { ...(await own.assess({ platform })), checks: [passed('heard', JSON.stringify(answer))] };
    }),
    answerHost: activity(({ question, asked }: { question: string; asked: unknown }) => {
      const { volumes } = asked as { volumes: string[] };
      if (volumes.length === 0) throw new Failure('InvalidArgument', { message: 'none', remedy: 'name some' });
      return Promise.resolve({ question, data: volumes.includes('gone'), steps: [] });
    }),
  }),
});

test('an operation asks another host, whose worker answers', async ({ openHosts }) => {
  const { client, taskQueue, platform } = await openHosts(asking());
  const { checks } = await checkNow(client, taskQueue, platform);
  expect(checks).toMatchObject([{ name: 'heard', evidence: '{"question":"findGone","data":true,"steps":[]}' }]);
});

test('what the other host refuses is refused with its own words', async ({ openHosts }) => {
  const { client, taskQueue, platform } = await openHosts({
    overrides: (own) => ({
      assess: activity(async ({ platform }: { platform: string }) => {
        const ask = askThroughTemporal({ taskQueue: `test-${platform}` } as Environment);
        await ask({ platform, host: 'other', question: 'observe', asked: {} });
        return own.assess({ platform });
      }),
      answerHost: activity(() =>
        Promise.reject(new Failure('MissingKey', { message: 'other has no key', remedy: 'Copy it there' })),
      ),
    }),
  });
  await expect(checkNow(client, taskQueue, platform)).rejects.toMatchObject({
    kind: 'MissingKey',
    message: 'other has no key',
    remedy: 'Copy it there',
  });
});

test('hosts without a worker are all named, at once, before anything is touched', async ({ openHosts }) => {
  const { start, places } = await openHosts(
    {
      overrides: {
        locate: activity(async ({ platform }: { platform: string }) => {
          const queue = (host: string) => ({ host, taskQueue: `test-${platform}-host-${host}` });
          await assertPolled([queue('other'), queue('a-third'), queue('machine')]);
          throw new Error('they are there');
        }),
      },
    },
    ['machine'],
  );
  const failure = await (await start('restore')).result().then(
    () => undefined,
    (error: unknown) => (error as { cause?: { type?: string; message: string } }).cause,
  );
  expect(failure).toMatchObject({
    type: 'HostWorkerMissing',
    message: expect.stringContaining('No worker serves the hosts "other", "a-third"') as string,
  });
  expect(places).toEqual([]);
});
