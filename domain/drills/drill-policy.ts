import type { ServiceName } from '../names.ts';

/** What a drill may take beside the living platform. */
export interface DrillPolicy {
  /** Core services that are started as well; smoke checks of others are left out. */
  core: ServiceName[];
  /** All containers of the drill together. */
  memoryBytes: number;
  /** For each container: a share of one, or several. */
  processors: number;
}

export const usualDrill: DrillPolicy = { core: [], memoryBytes: 1536 * 1024 * 1024, processors: 1 };
