import type Docker from 'dockerode';
import { swarmPlatform } from '../../../swarm-situation.ts';
import { insideAny, insideContainer } from '../../../../systems/docker/inside.ts';
import { StandingStill } from '../../../../systems/docker/standing-still.ts';
import { containersOfService, nodeElsewhere } from '../../../../systems/docker/swarm/containers.ts';

const { deployment } = swarmPlatform();
if (deployment.kind !== 'swarm') throw new Error('it is no swarm');
const noManager = Object.assign(new Error('This node is not a swarm manager'), { statusCode: 503 });
const gone = Object.assign(new Error('service not found'), { statusCode: 404 });

/** An engine without a container of the service, where the service is as `inspect` says. */
const engine = (inspect: () => Promise<unknown>, tasks: object[] = []): Docker =>
  ({
    listContainers: () => Promise.resolve([]),
    listTasks: () => Promise.resolve(tasks),
    getService: () => ({ inspect }),
    getNode: (id: string) => ({ inspect: () => Promise.resolve({ Description: { Hostname: `host of ${id}` } }) }),
  }) as unknown as Docker;
const stopped = () =>
  Promise.resolve({
    ID: 's1',
    Version: { Index: 1 },
    Spec: { Name: 'demo_api', TaskTemplate: {}, Mode: { Replicated: { Replicas: 0 } } },
  });
const read = () => Promise.resolve('read');

test('a service that is not there has no container; one that stands still, or that nobody here knows, has its unit', async () => {
  const unit = [{ name: 'service:demo_api', running: false }];
  expect(
    await containersOfService(
      engine(() => Promise.reject(gone)),
      deployment,
      'api',
    ),
  ).toEqual([]);
  expect(await containersOfService(engine(stopped), deployment, 'api')).toEqual(unit);
  expect(
    await containersOfService(
      engine(() => Promise.reject(noManager)),
      deployment,
      'api',
    ),
  ).toEqual(unit);
});

test('work inside a task that does not run fails as something that stands still, on a worker node too', async () => {
  const work = async (docker: Docker) => insideContainer(read)(docker, 'service:demo_api');
  await expect(work(engine(stopped))).rejects.toThrow('The Swarm service demo_api is stopped');
  const there = work(engine(() => Promise.reject(noManager)));
  await expect(there).rejects.toBeInstanceOf(StandingStill);
  await expect(there).rejects.toThrow('No task of the Swarm service demo_api runs on this node');
});

test('what is only read is nothing where no task has a container', async () => {
  expect(await insideAny(read)(engine(stopped), 'service:demo_api')).toBeUndefined();
  expect(await insideAny(read)(engine(stopped), 'a-container')).toBe('read');
});

test('the node that runs a service is named only when it is another one', async () => {
  const task = (State: string) => ({
    ID: 't',
    CreatedAt: '',
    NodeID: 'n2',
    DesiredState: 'running',
    Status: { State },
  });
  expect(await nodeElsewhere(engine(stopped, [task('running')]), 'service:demo_api')).toBe('host of n2');
  expect(await nodeElsewhere(engine(stopped, [task('pending')]), 'service:demo_api')).toBeUndefined();
});
