// What the platform file calls things; never an address or a secret's value.

export type PlatformName = string;
/** The service's name, as in the Compose or stack file; `project/service` for one of another project or stack. */
export type ServiceName = string;
export type StoreName = string;
export type HostName = string;
export type VolumeName = string;
export type NetworkName = string;
export type SnapshotName = string;
export type IndexName = string;

export type SecretReference = { file: string } | { env: string };
