import type { ContainerInfo } from 'dockerode';
import type Docker from 'dockerode';
import { unitOf } from '../../../domain/swarm.ts';
import { listAll, listedName } from '../containers.ts';
import { asManager } from './service.ts';

export const serviceNameLabel = 'com.docker.swarm.service.name';
export const taskLabel = 'com.docker.swarm.task.id';

export interface Task {
  ID: string;
  CreatedAt: string;
  ServiceID: string;
  NodeID?: string;
  Slot?: number;
  DesiredState: string;
  Status: {
    Timestamp: string;
    State: string;
    Message?: string;
    Err?: string;
    ContainerStatus?: { ContainerID?: string; ExitCode?: number };
  };
}

/** States from which a task never comes back. */
const ended = new Set(['complete', 'shutdown', 'failed', 'rejected', 'orphaned']);

export const hasEnded = ({ Status }: Task) => ended.has(Status.State);
export const isRunningTask = ({ Status }: Task) => Status.State === 'running';
/** Swarm wants it to run. */
export const isWanted = ({ DesiredState }: Task) => ['running', 'ready', 'accepted'].includes(DesiredState);

/** The tasks of one service, the newest first; Swarm keeps some that have ended. */
export async function tasksOf(docker: Docker, service: string): Promise<Task[]> {
  const tasks = (await asManager(() => docker.listTasks({ filters: { service: [service] } }))) as Task[];
  return tasks.toSorted((a, b) => Date.parse(b.CreatedAt) - Date.parse(a.CreatedAt));
}

/** The containers of the service's tasks on this engine, running or not, the newest first. */
export function taskContainersOf(service: string, all: readonly ContainerInfo[]): ContainerInfo[] {
  return all.filter(({ Labels }) => Labels[serviceNameLabel] === service).toSorted((a, b) => b.Created - a.Created);
}

export async function taskContainers(docker: Docker, service: string): Promise<ContainerInfo[]> {
  return taskContainersOf(service, await listAll(docker));
}

/** How a plan names whose container it is: the service's unit for a task's, else the container's own name. */
export function unitNameOf(container: ContainerInfo): string {
  const service = container.Labels[serviceNameLabel];
  return service === undefined ? listedName(container) : unitOf(service);
}

/** Why a task does not run, in Swarm's words; empty when it says nothing. */
export function whyNot(tasks: readonly Task[]): string {
  return tasks.map(({ Status }) => Status.Err ?? '').find((words) => words !== '') ?? '';
}
