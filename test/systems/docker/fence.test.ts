import { bringUpPlatform, docker, engine, image, references, uniqueName, type TestPlatform } from './platform.ts';

let platform: TestPlatform;

beforeAll(async () => {
  platform = await bringUpPlatform();
});
afterAll(async () => {
  await platform.remove();
});

const runs = async (name: string) => (await docker.getContainer(name).inspect()).State.Running;

test('what was started again is stopped and stays stopped; who joined is named, and left alone', async () => {
  const observed = await engine.observe(platform.deployment, 'here');
  const named = (service: string) =>
    observed.containers.filter((one) => one.service === service).map(({ name }) => name);
  const [db = ''] = named('db');
  const task = {
    containers: named('worker'),
    allowed: [db],
    networks: [`${platform.project}_back`],
    graceSeconds: 3,
  };
  const [restarted = '', other = ''] = named('worker');
  await engine.stopContainers(
    references(observed).filter(({ name }) => name !== db),
    3,
  );
  await docker.getContainer(restarted).start();
  const inside = await docker.createContainer({
    name: uniqueName(),
    Image: image,
    Cmd: ['node', '-e', 'setInterval(() => {}, 1000)'],
    HostConfig: { NetworkMode: `container:${db}`, Init: true },
  });
  try {
    await inside.start();
    const name = (await inside.inspect()).Name.slice(1);
    expect(await engine.fence(task)).toEqual({
      stopped: [restarted],
      others: [{ container: name, over: `the network namespace of ${db}` }],
    });
    expect(await Promise.all([restarted, other, db, name].map(runs))).toEqual([false, false, true, true]);
    const { HostConfig } = await docker.getContainer(restarted).inspect();
    expect(HostConfig.RestartPolicy?.Name).toBe('no');
    await inside.stop({ t: 0 });
    expect(await engine.fence(task)).toEqual({ stopped: [], others: [] });
  } finally {
    await inside.remove({ force: true });
  }
});
