import type Docker from 'dockerode';
import { captureContainer } from './capture.ts';
import { listAll, listedName, projectLabel } from '../containers.ts';
import { createOne } from './create.ts';
import { statusOf, wordsOf } from '../failures.ts';

/**
 * An engine that was killed while it started a container leaves a task in its containerd (seen with 20.10): from then on
 * it refuses to start this container, also after a restart of its own. Only a new one helps.
 */
export function isUnstartable(error: unknown): boolean {
  return statusOf(error) === 500 && /^task \w+: already exists/.test(wordsOf(error));
}

/** Removes the container and creates it again as it is, on its networks, with its volumes; it is not started. */
export async function createAnew(docker: Docker, name: string): Promise<void> {
  const found = await docker.getContainer(name).inspect();
  const names = new Map((await listAll(docker)).map((container) => [container.Id, listedName(container)]));
  const captured = await captureContainer(docker, { project: found.Config.Labels[projectLabel] ?? '' }, found, names);
  await docker.getContainer(found.Id).remove({ force: true, v: false });
  // Mounted files lie on this host, where the old container had them.
  await createOne(docker, captured, { files: [] }, {});
}
