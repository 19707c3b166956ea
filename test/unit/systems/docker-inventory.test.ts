import type Docker from 'dockerode';
import { readInventory } from '../../../systems/docker/inventory.ts';

function engineOf(version: string, createdAt: string): Docker {
  const engine = {
    version: () => Promise.resolve({ Version: version }),
    listContainers: () => Promise.resolve([]),
    listNetworks: () => Promise.resolve([]),
    listVolumes: () => Promise.resolve({ Volumes: [{ Name: 'data', CreatedAt: createdAt, Labels: { of: 'a' } }] }),
  };
  return engine as unknown as Docker;
}

test('when a container was started last is asked where it is wanted; one that goes away meanwhile is left as listed', async () => {
  const labels = { 'com.docker.compose.project': 'demo', 'com.docker.compose.service': 'api' };
  const listed = ['1', '2'].map((Id) => ({
    Id,
    Names: [`/demo_api_${Id}`],
    State: 'running',
    Labels: labels,
    Mounts: [],
  }));
  const inspected = { Config: { Labels: labels }, State: { StartedAt: '2026-11-30T04:00:00.1Z' }, RestartCount: 3 };
  const gone = Object.assign(new Error('no such container'), { statusCode: 404 });
  const engine = Object.assign(engineOf('27.1.0', ''), {
    listContainers: () => Promise.resolve(listed),
    getContainer: (id: string) => ({ inspect: () => (id === '1' ? Promise.resolve(inspected) : Promise.reject(gone)) }),
  }) as unknown as Docker;
  const [first, second] = (await readInventory(engine, 'here', { starts: true })).containers;
  expect(first?.start).toEqual({ at: '2026-11-30T04:00:00.1Z', restarts: 3, service: 'demo/api' });
  expect(second).toEqual({ name: 'demo_api_2', id: '2', running: true });
  expect((await readInventory(engine, 'here')).containers.map(({ start }) => start)).toEqual([undefined, undefined]);
});

test('tasks of a swarm are no containers of anybody; where starts are wanted, those that run are listed apart', async () => {
  const task = (Id: string, State: string) => ({
    Id,
    Names: [`/db_es.1.${Id}`],
    State,
    Labels: { 'com.docker.swarm.service.name': 'db_es' },
    Mounts: [],
  });
  const engine = Object.assign(engineOf('27.1.0', ''), {
    listContainers: () => Promise.resolve([task('1', 'running'), task('2', 'exited')]),
  }) as unknown as Docker;
  const { containers, tasks } = await readInventory(engine, 'here', { starts: true });
  expect([containers, tasks]).toEqual([[], [{ service: 'db_es', id: '1' }]]);
  expect(await readInventory(engine, 'here')).not.toHaveProperty('tasks');
});

const volumesOf = async (version: string, createdAt: string) =>
  (await readInventory(engineOf(version, createdAt), 'here')).volumes;

test('a volume is another one by its creation; before Docker 24, which gives the last change of its folder, by its labels', async () => {
  const [earlier, later] = ['2026-11-30T04:00:00Z', '2026-11-30T04:02:00Z'];
  expect(await volumesOf('20.10.24', later)).toEqual(await volumesOf('20.10.24', earlier));
  expect(await volumesOf('27.1.0', later)).not.toEqual(await volumesOf('27.1.0', earlier));
});
