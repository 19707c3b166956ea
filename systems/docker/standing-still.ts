import type { ContainerInspectInfo } from 'dockerode';
import { Failure } from '../../domain/failures.ts';
import { nameOf } from './containers.ts';

/** Nothing answers, and nothing will as long as the container is in this state. */
export class StandingStill extends Failure {
  /** Milliseconds since 1970; undefined: the engine does not tell. */
  readonly since: number | undefined;

  constructor(text: { message: string; remedy: string }, since: number | undefined) {
    super('ServiceUnhealthy', text);
    this.since = since;
  }
}

/** Why the container cannot answer and what to type; undefined: it runs. */
export function standingStill(container: ContainerInspectInfo): StandingStill | undefined {
  const { State, Created, RestartCount } = container;
  const name = nameOf(container);
  const found = (what: string, remedy: string, since?: string) => {
    const time = Date.parse(since ?? '');
    return new StandingStill({ message: `Container ${name} ${what}`, remedy }, time > 0 ? time : undefined);
  };
  const exit = `exit code ${State.ExitCode}${State.OOMKilled ? ', out of memory' : ''}`;
  if (State.Paused) return found('is paused', `Unpause it: docker unpause ${name}`);
  if (State.Restarting)
    return found(
      `stops as soon as it is started (${exit}, ${RestartCount} restarts)`,
      `Find the cause with docker logs --tail 50 ${name}, and remove it`,
    );
  if (State.Running) return undefined;
  if (State.Status === 'created')
    return found('was created and never started', `Start it: docker start ${name}`, Created);
  if (State.Dead || State.Status === 'dead' || State.Status === 'removing')
    return found(
      `could not be removed completely (${State.Status})`,
      `Remove it (docker rm -f ${name}) and create it with Docker Compose`,
      State.FinishedAt,
    );
  return found(
    `is stopped (${exit}, since ${State.FinishedAt.slice(0, 19)}Z)`,
    `Start it: docker start ${name}; why it stopped: docker logs --tail 50 ${name}`,
    State.FinishedAt,
  );
}
