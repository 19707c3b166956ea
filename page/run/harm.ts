import { deletedByCopy } from '../../domain/copies/words.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { Step } from '../../domain/plans/steps.ts';

/** What a plan does to what is there now, by exact names: what a person must have seen before saying yes. */
export interface Harm {
  /** Services, with their containers. */
  stopped: { service: string; containers: string[] }[];
  /** Volumes, and folders by path: a rollback can bring them back. */
  setAside: string[];
  /** No rollback brings them back. */
  deleted: string[];
  removedContainers: string[];
  returned: string[];
}

type Of<A extends Step['action']> = Extract<Step, { action: A }>;

export function harmOf({ steps }: Plan): Harm {
  const of = <A extends Step['action']>(action: A) => steps.filter((step): step is Of<A> => step.action === action);
  return {
    stopped: of('stopService').map(({ arguments: { service, containers } }) => ({
      service,
      containers: containers.map(({ name }) => name),
    })),
    setAside: of('quarantineVolume').map((step) => step.arguments.volume),
    deleted: [...of('removeVolume').map((step) => step.arguments.volume), ...deletedByCopy(steps)],
    removedContainers: of('removeContainers').flatMap((step) => step.arguments.containers),
    returned: of('returnVolume').map((step) => step.arguments.volume),
  };
}

export function isHarmless({ stopped, setAside, deleted, removedContainers }: Harm): boolean {
  return [stopped, setAside, deleted, removedContainers].every(({ length }) => length === 0);
}
