import type Docker from 'dockerode';
import { listDrills, removeDrill } from '../../../systems/docker/drills/scene.ts';

const run = 'drill/demo/1';
const of = (drill: string) => ({ 'rekindle.drill': drill, 'rekindle.drill.platform': 'demo' });

/** An engine with things of two drills, and one of nobody's; it answers filters by label as the real one does. */
function engine() {
  const removed: string[] = [];
  const things = [
    { name: 'mine', Labels: of(run) },
    { name: 'other', Labels: of('drill/demo/2') },
    { name: 'living', Labels: { 'com.docker.compose.project': 'demo' } },
  ];
  const matching = ({ filters }: { filters: unknown }) => {
    const { label } = (typeof filters === 'string' ? JSON.parse(filters) : filters) as { label: string[] };
    return things.filter(({ Labels }) =>
      label.every((one) => Object.entries(Labels).some(([key, value]) => one === `${key}=${value}`)),
    );
  };
  const removal = (kind: string) => (name: string) => ({
    inspect: () => Promise.resolve({ Containers: {} }),
    remove: () => Promise.resolve(removed.push(`${kind} ${name}`)),
  });
  const docker = {
    listContainers: (options: never) =>
      Promise.resolve(
        matching(options).map(({ name, Labels }) => ({
          Id: name,
          Names: [`/${name}`],
          Labels,
          Created: 1_700_000_000,
        })),
      ),
    listVolumes: (options: never) =>
      Promise.resolve({
        Volumes: matching(options).map(({ name, Labels }) => ({
          Name: name,
          Labels,
          CreatedAt: '2023-01-01T00:00:00Z',
        })),
      }),
    listNetworks: (options: never) =>
      Promise.resolve(matching(options).map(({ name, Labels }) => ({ Id: name, Name: name, Labels }))),
    getContainer: removal('container'),
    getVolume: removal('volume'),
    getNetwork: removal('network'),
  };
  return { docker: docker as unknown as Docker, removed };
}

test('containers, volumes and networks with the label of this very run go, in this order, and nothing else', async () => {
  const { docker, removed } = engine();
  expect(await removeDrill(docker, run)).toEqual(['mine', 'mine', 'mine']);
  expect(removed).toEqual(['container mine', 'volume mine', 'network mine']);
  removed.length = 0;
  expect(await removeDrill(docker, 'drill/demo')).toEqual([]);
  expect(removed).toEqual([]);
});

test('drills are found by what is on the engine, each once, with the age of the oldest thing', async () => {
  const { docker } = engine();
  const since = '2023-01-01T00:00:00.000Z';
  expect(await listDrills(docker, 'demo')).toEqual([
    { run, since },
    { run: 'drill/demo/2', since },
  ]);
  expect(await listDrills(docker, 'another')).toEqual([]);
});
