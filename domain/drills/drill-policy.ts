import type { ServiceName } from '../names.ts';
import type { Timing } from '../policies.ts';

/** What a drill may take beside the living platform, and when it runs. */
export interface DrillPolicy {
  /** Absent: drills are started by hand only. */
  schedule?: Timing;
  /** Core services that are started as well; smoke checks of others are left out. */
  core: ServiceName[];
  /** All containers of the drill together. */
  memoryBytes: number;
  /** For each container: a share of one, or several. */
  processors: number;
  /** What the restored indices may take on disk; absent: what is free. */
  diskBytes?: number;
}

export const usualDrill: DrillPolicy = { core: [], memoryBytes: 1536 * 1024 * 1024, processors: 1 };
