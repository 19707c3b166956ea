import type Docker from 'dockerode';
import type { SwarmService } from '../../../../systems/docker/swarm/service.ts';
import { stopServices } from '../../../../systems/docker/swarm/stop.ts';
import type { Task } from '../../../../systems/docker/swarm/tasks.ts';

const task = (ID: string, State: string, more: Partial<Task['Status']> = {}): Task => ({
  ID,
  CreatedAt: '2026-11-29T10:00:00Z',
  ServiceID: 's1',
  NodeID: 'n2',
  DesiredState: State === 'running' ? 'running' : 'shutdown',
  Status: { Timestamp: '', State, ...more },
});

/** A manager that is told the tasks, one list for each time that it is asked; none has a container on its engine. */
function manager(...asked: Task[][]): Docker {
  const spec = {
    Name: 'db_es',
    TaskTemplate: { ContainerSpec: { Image: 'es' } },
    Mode: { Replicated: { Replicas: 1 } },
  };
  const service: SwarmService = { ID: 's1', Version: { Index: 1 }, Spec: spec };
  const node = { ID: 'n2', Description: { Hostname: 'data' }, Status: { State: 'down' } };
  return {
    getService: () => ({ inspect: () => Promise.resolve(service), update: () => Promise.resolve() }),
    listTasks: () => Promise.resolve(asked.length > 1 ? asked.shift() : asked[0]),
    listContainers: () => Promise.resolve([]),
    listNodes: () => Promise.resolve([node]),
  } as unknown as Docker;
}

const units = [{ name: 'service:db_es' }];

test('a task of a node that is gone is not taken for ended: named with its node, and what to do', async () => {
  const failure = {
    kind: 'ContainerFailed',
    message: 'Tasks of the service db_es are not known to have ended: t1 (running) on data, which is down',
    remedy: expect.stringContaining('docker node rm --force NODE') as string,
  };
  await expect(stopServices(manager([task('t1', 'running')]), units, 0, {}, 0)).rejects.toMatchObject(failure);
});

test('what Swarm tells of the end of a task on another node is noted; what ended before does not count', async () => {
  const older = task('t0', 'failed', { ContainerStatus: { ExitCode: 255 } });
  const killed = task('t1', 'shutdown', { ContainerStatus: { ExitCode: 137 } });
  const docker = manager([task('t1', 'running'), older], [killed, older]);
  expect(await stopServices(docker, units, 1)).toEqual([{ name: 'service:db_es', outcome: 'stopped', exitCode: 137 }]);
});
