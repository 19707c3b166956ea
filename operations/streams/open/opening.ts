import type { SecretReference, StoreName } from '../../../domain/platform.ts';
import type { StreamedStore } from '../../../domain/store-kinds.ts';
import type { StoppableContainer } from '../../../systems/docker/exchange/stoppable-container.ts';
import type { StoreContainer } from '../../../systems/docker/streamed/store-container.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import type { OpenPlatform } from '../../open-platform.ts';

/** What is needed to reach a store: its container, and its secrets. */
export type Open = Pick<OpenPlatform, 'platform' | 'docker' | 'host' | 'secret'>;

/** Makes the driver of a store in its container. `run`: by which what an earlier attempt left is found. Failure: MissingSecret. */
export type Opens<S extends StreamedStore> = (
  open: Open,
  store: S,
  container: StoreContainer,
  run: string,
) => Promise<StreamStore<unknown>>;

/** A container of the store that its driver stops and starts. */
export const stoppableIn = ({ docker, platform }: Open, container: string): StoppableContainer =>
  docker.stoppable(container, {
    platform: platform.platform,
    stopGraceSeconds: platform.deployment.stopGraceSeconds,
  });

/** Nothing, when the platform file names none. Failure: MissingSecret. */
export async function passwordOf(
  { secret }: Pick<Open, 'secret'>,
  { name, password }: { name: StoreName; password?: SecretReference },
): Promise<{ password?: string }> {
  return password === undefined ? {} : { password: await secret(password, `${name}.password`) };
}
