import type { VolumeStore } from '../../../domain/platform.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { volumeStore } from '../../../systems/volume/volume-store.ts';
import { stoppableIn, type Opens } from './opening.ts';

export const openVolume: Opens<VolumeStore> = (open, { name, path, exclude }, container) =>
  Promise.resolve(
    volumeStore({
      store: name,
      container: stoppableIn(open, container.name),
      folder: path,
      exclude,
    }) as StreamStore<unknown>,
  );
