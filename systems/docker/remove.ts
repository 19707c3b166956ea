import type Docker from 'dockerode';
import { Failure } from '../../domain/failures.ts';
import type { Watch } from '../../domain/watch.ts';
import { isRunning } from './containers.ts';
import { ifThere, statusOf } from './failures.ts';
import { pause, pollMilliseconds } from '../pause.ts';

export interface Removal {
  name: string;
  outcome: 'removed' | 'absent';
}

/**
 * Removes stopped containers; their volumes stay. All are looked at before the first goes.
 * Failures: `ContainerFailed` when one of them runs (none is removed then).
 */
export async function removeContainers(docker: Docker, names: string[], watch: Watch = {}): Promise<Removal[]> {
  const found = await Promise.all(names.map((name) => ifThere(docker.getContainer(name).inspect())));
  const running = names.filter((_, index) => found[index] !== undefined && isRunning(found[index]));
  if (running.length > 0) throw refusal(running);
  return Promise.all(
    names.map(async (name, index) => {
      if (found[index] === undefined) return { name, outcome: 'absent' as const };
      await removeOne(docker, found[index].Id, name, watch.signal);
      return { name, outcome: 'removed' as const };
    }),
  );
}

async function removeOne(docker: Docker, id: string, name: string, signal?: AbortSignal): Promise<void> {
  try {
    await ifThere(docker.getContainer(id).remove({ force: false, v: false }));
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    // It was started meanwhile, or another removal is still under way.
    for (;;) {
      const found = await ifThere(docker.getContainer(id).inspect());
      if (found === undefined) return;
      if (isRunning(found)) throw refusal([name]);
      if (found.State.Status !== 'removing') throw error;
      await pause(pollMilliseconds, signal);
    }
  }
}

function refusal(running: string[]): Failure {
  return new Failure('ContainerFailed', {
    message: `Running containers are not removed: ${running.join(', ')}`,
    remedy: `Find out who started it, stop it (docker stop ${running.join(' ')}), then retry`,
  });
}
