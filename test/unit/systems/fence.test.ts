import type { ContainerInfo } from 'dockerode';
import { clientsAmong } from '../../../systems/docker/fence.ts';

const container = (name: string, change: Partial<ContainerInfo> & { networks?: string[]; mode?: string } = {}) =>
  ({
    Id: `id-of-${name}`,
    Names: [`/${name}`],
    State: 'running',
    Labels: {},
    HostConfig: { NetworkMode: change.mode ?? 'p_back' },
    NetworkSettings: { Networks: Object.fromEntries((change.networks ?? ['p_back']).map((each) => [each, {}])) },
    ...change,
  }) as unknown as ContainerInfo;

const task = { containers: ['p_api_1'], allowed: ['p_db_1'], networks: ['p_back'], graceSeconds: 10 };
const db = container('p_db_1');
const clients = (...all: ContainerInfo[]) => clientsAmong([db, ...all], 'id-of-worker', task);

test('the data services, this worker and what Rekindle put there are no clients', () => {
  expect(clients(container('worker'), container('relay', { Labels: { 'rekindle.run': 'relay' } }))).toEqual([]);
});

test('a container on a network of the data services is one, also a frozen one', () => {
  const found = clients(container('report'), container('frozen', { State: 'paused' }));
  expect(found).toEqual([
    { container: 'report', over: 'p_back' },
    { container: 'frozen', over: 'p_back' },
  ]);
});

test('one in the network namespace of a data service is one, too', () => {
  const inside = container('dump', { mode: 'container:id-of-p_db_1', networks: [] });
  expect(clients(inside)).toEqual([{ container: 'dump', over: 'the network namespace of p_db_1' }]);
});

test('stopped ones and those elsewhere are none', () => {
  expect(clients(container('old', { State: 'exited' }), container('web', { networks: ['other'] }))).toEqual([]);
});
