import type { HostName, ServiceName } from '../names.ts';
import type { Timing } from '../policies.ts';

/** What a drill may take beside the living platform, and when it runs. */
export interface DrillPolicy {
  /** Absent: drills are started by hand only. */
  schedule?: Timing;
  /** Core services that are started as well; smoke checks of others are left out. */
  core: ServiceName[];
  /** Of a platform on Swarm or on several hosts: on whose engine; absent: where the documents lie. */
  host?: HostName;
  /** Bytes of the core services for which the platform file says it. */
  coreMemory?: Record<ServiceName, number>;
  /** All containers of the drill together; absent: what is usual for data services, and what the others take. */
  memoryBytes?: number;
  /** For each container: a share of one, or several. */
  processors: number;
  /** What the restored indices may take on disk; absent: what is free. */
  diskBytes?: number;
}

export const usualDrill: DrillPolicy = { core: [], processors: 1 };
