import { Failure } from '../../domain/failures.ts';
import type { StepArguments } from '../../domain/plans/step-arguments.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';
import type { Dependencies } from '../open-platform.ts';
import { configurationPath } from './node-configuration.ts';

const begin = '# begin of what Rekindle adds for the first start on empty data';
const end = '# end of what Rekindle adds';

/** Names the node as the one that makes the new cluster; done once. Failure: ContainerFailed. */
export async function beginBootstrap(
  docker: DockerEngine,
  { container, nodeName }: NonNullable<StepArguments['startService']['bootstrap']>,
): Promise<void> {
  const path = configurationPath(await docker.configOf(container));
  const edited = await docker.editText(container, path, (text) => withBootstrap(text, nodeName));
  if (edited || (await docker.readText(container, path))?.includes(begin)) return;
  throw new Failure('ContainerFailed', {
    message: `${container} has no ${path}, so its node cannot be named as the one that makes the new cluster`,
    remedy: `Give the node cluster.initial_master_nodes, for instance in the environment of its service, then retry`,
  });
}

/** The node runs on: what it was started with counts no more once the cluster has formed. */
export async function endBootstrap(
  { docker }: Dependencies,
  { arguments: { container } }: StepCall<'endBootstrap'>,
): Promise<StepOutcome> {
  await docker.editText(container, configurationPath(await docker.configOf(container)), withoutBootstrap);
  return { summary: `the cluster has formed, ${container} is configured as before` };
}

export function withBootstrap(text: string, nodeName: string): string {
  return `${withoutBootstrap(text)}\n${begin}\ncluster.initial_master_nodes: ["${nodeName}"]\n${end}\n`;
}

export function withoutBootstrap(text: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  return from < 0 || to < from ? text : text.slice(0, from - 1) + text.slice(to + end.length + 1);
}
