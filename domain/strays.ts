import type { HostName, ServiceName } from './names.ts';

/** Containers of a service that the platform file places on another host. */
export interface StrayHere {
  service: ServiceName;
  containers: { name: string; running: boolean }[];
}

/** With the host where they were found. */
export interface Stray extends StrayHere {
  host: HostName;
}
