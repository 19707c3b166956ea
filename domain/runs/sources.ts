import type { CaptureOutline, ObservedDeployment } from '../deployment.ts';
import type { HostName, IndexName, ServiceName, StoreName } from '../names.ts';
import type { MissingStore } from '../recovery-points/missing-stores.ts';
import type { RecoveryPointManifest } from '../recovery-points/recovery-point.ts';

/** What a restore or a drill brings back, and with which software: as it was found when the plan was made. For its report. */
export interface RunSources {
  /** Versions of the Docker engines, by host. */
  engines: Record<HostName, string>;
  /** Versions of Elasticsearch, by store; absent: none was found. */
  elasticsearch?: Record<StoreName, string>;
  /** What each service is created from, by service: the reference, and the digest or image id that it meant. */
  images: Record<ServiceName, { reference: string; digest: string }>;
  /** Optional stores that the recovery point goes without; absent: none. */
  missing?: MissingStore[];
  /** Elasticsearch's own indices that it does not hold, since the platform file wanted so, by store; absent: none. */
  leftOut?: Record<StoreName, IndexName[]>;
  /** How far the moments of the stores are apart in it; absent: there is one store, or it is not known. */
  skewSeconds?: number;
}

export function sourcesOf(
  manifest: RecoveryPointManifest,
  { containers }: Pick<CaptureOutline, 'containers'>,
  { host, engineVersion, elsewhere = [] }: Pick<ObservedDeployment, 'host' | 'engineVersion' | 'elsewhere'>,
  elasticsearch: Record<StoreName, string> = {},
): RunSources {
  const { missing = [], stores, skewSeconds } = manifest;
  const engines = [{ host, engineVersion }, ...elsewhere].filter((engine) => engine.engineVersion !== '');
  const leftOut = stores.flatMap((store) => (store.leftOut?.length ? [[store.store, store.leftOut] as const] : []));
  return {
    engines: Object.fromEntries(engines.map((engine) => [engine.host, engine.engineVersion])),
    ...(Object.keys(elasticsearch).length > 0 && { elasticsearch }),
    images: Object.fromEntries(containers.map(({ service, image }) => [service, image])),
    ...(missing.length > 0 && { missing }),
    ...(leftOut.length > 0 && { leftOut: Object.fromEntries(leftOut) }),
    ...(skewSeconds !== undefined && { skewSeconds }),
  };
}
