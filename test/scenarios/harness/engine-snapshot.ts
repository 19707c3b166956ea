import { containersOf, engine, nameOf, PROJECT_LABEL } from '../../../stack/engine.ts';
import { tellsCreation } from '../../../systems/docker/observe.ts';
import { facts } from './facts.ts';

export interface EngineSnapshot {
  containers: { name: string; id: string; startedAt: string; running: boolean; restartPolicy: string }[];
  volumes: { name: string; createdAt: string }[];
  networks: { name: string; id: string }[];
}

/** All of the platform that a run could touch: two equal ones mean that nothing was. */
export async function snapshotOfEngine(): Promise<EngineSnapshot> {
  const { project } = facts();
  const filters = { label: [`${PROJECT_LABEL}=${project}`] };
  const containers = await Promise.all(
    (await containersOf(project)).map(async (container) => {
      const { State, HostConfig } = await engine().getContainer(container.Id).inspect();
      const { Name = '', MaximumRetryCount = 0 } = HostConfig.RestartPolicy ?? {};
      return {
        name: nameOf(container),
        id: container.Id,
        startedAt: State.StartedAt,
        running: State.Running,
        restartPolicy: `${Name}:${MaximumRetryCount}`,
      };
    }),
  );
  const listed = (await engine().listVolumes({ filters: JSON.stringify(filters) as never })) as unknown as {
    Volumes: { Name: string; CreatedAt: string }[] | null;
  };
  // Older engines give the last change of the folder, which Elasticsearch writes to every two minutes.
  const dated = tellsCreation((await engine().version()).Version);
  const volumes = (listed.Volumes ?? []).map(({ Name, CreatedAt }) => ({
    name: Name,
    createdAt: dated ? CreatedAt : '',
  }));
  const networks = (await engine().listNetworks({ filters })).map(({ Name, Id }) => ({ name: Name, id: Id }));
  return {
    containers,
    volumes: volumes.sort((a, b) => a.name.localeCompare(b.name)),
    networks: networks.sort((a, b) => a.name.localeCompare(b.name)),
  };
}

/** What must be the same after a restore, by container: its restart policy. */
export const restartPolicies = ({ containers }: EngineSnapshot): Record<string, string> =>
  Object.fromEntries(containers.map(({ name, restartPolicy }) => [name, restartPolicy]));
