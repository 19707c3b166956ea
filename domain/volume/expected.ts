import type { StoreName } from '../names.ts';
import type { Listing } from './listing.ts';

/** What a restore of a store of kind `volume` must bring back; no name and no content of a file. */
export interface VolumeExpectedSet {
  version: 1;
  store: StoreName;
  listing: Listing;
}

/** What can be known of the folder before anything is done. */
export interface VolumePlace {
  folder: string;
  /** Where volumes and folders of the host are mounted in the container, to be written to. */
  mounts: readonly string[];
  swarm: boolean;
}
