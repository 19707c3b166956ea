import type { MadeByRun } from '../../../domain/runs/repeat.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { findGone } from '../../../operations/services/find-gone.ts';
import { demoObserved, demoPlatform, never, unlessStopped } from '../../demo-situation.ts';

const made = (restartPolicy = unlessStopped): MadeByRun => ({
  platform: 'demo',
  services: [
    { step: 'start-elasticsearch', containers: [{ name: 'demo_elasticsearch_1', restartPolicy }] },
    { step: 'start-zookeeper', containers: [{ name: 'demo_zookeeper_1', restartPolicy }] },
  ],
  volumes: ['demo_es-data', 'demo_zk-data'],
});

function platform(change: Parameters<typeof demoObserved>[0], volumes = ['demo_es-data', 'demo_zk-data']) {
  const docker = {
    observe: () => Promise.resolve(demoObserved(change)),
    presentVolumes: (names: string[]) => Promise.resolve(names.filter((name) => volumes.includes(name))),
  };
  return { platform: demoPlatform(), host: 'machine', docker } as unknown as OpenPlatform;
}

test('all there: nothing is gone', async () => {
  expect(await findGone(platform(undefined), made())).toEqual({ steps: [], data: false });
});

test('a container that is removed, and whether its data went with it', async () => {
  const rename: Parameters<typeof demoObserved>[0] = (one) => {
    if (one.service === 'elasticsearch') one.name = 'another';
  };
  expect(await findGone(platform(rename), made())).toEqual({ steps: ['start-elasticsearch'], data: false });
  expect(await findGone(platform(rename, ['demo_zk-data']), made())).toEqual({
    steps: ['start-elasticsearch'],
    data: true,
  });
});

test('one that ended counts when it should always run, not one that does its work once', async () => {
  const ended: Parameters<typeof demoObserved>[0] = (one) => (one.running = one.service !== 'zookeeper');
  expect((await findGone(platform(ended), made())).steps).toEqual(['start-zookeeper']);
  expect((await findGone(platform(ended), made(never))).steps).toEqual([]);
});
