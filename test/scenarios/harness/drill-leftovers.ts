import { platformLabel, runLabel } from '../../../domain/drills/scene.ts';
import { engine, nameOf } from '../../../stack/engine.ts';

/** The names of all that drills of a platform made and that is still there; `run`: only this one's. */
export async function leftOfDrills(platform: string, run?: string): Promise<string[]> {
  const label = [`${platformLabel}=${platform}`, ...(run === undefined ? [] : [`${runLabel}=${run}`])];
  const filters = { label };
  const containers = await engine().listContainers({ all: true, filters });
  const { Volumes } = (await engine().listVolumes({ filters: JSON.stringify(filters) as never })) as unknown as {
    Volumes: { Name: string }[] | null;
  };
  const networks = await engine().listNetworks({ filters });
  return [...containers.map(nameOf), ...[...(Volumes ?? []), ...networks].map(({ Name }) => Name)];
}
