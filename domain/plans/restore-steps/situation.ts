import {
  findHelperImage,
  type CaptureOutline,
  type ObservedDeployment,
  type ObservedVolume,
} from '../../deployment.ts';
import { situationOn } from '../../deployment-hosts.ts';
import { Failure } from '../../failures.ts';
import type { PathsOfStores } from '../../mounts.ts';
import { hostOf, hostsOf } from '../../hosts.ts';
import type {
  HostName,
  IndexName,
  Platform,
  ServiceName,
  StoreName,
  VolumeName,
  VolumeTreatment,
} from '../../platform.ts';
import type { PointsDigest } from '../../recovery-points/points-digest.ts';
import type { RecoveryPointManifest } from '../../recovery-points/recovery-point.ts';
import type { Stray } from '../../strays.ts';
import { whatGoes } from '../mount-fates.ts';
import type { CaptureSource } from '../step-arguments.ts';
import type { Bootstrap } from './bootstrap.ts';

/** Everything that a restore's plan is made from. */
export interface RestoreSituation {
  platform: Platform;
  platformFileHash: string;
  manifest: RecoveryPointManifest;
  /** The exact indices that the recovery point holds, by store. */
  indices: Record<StoreName, { name: IndexName; state: 'open' | 'closed' }[]>;
  /** How many nodes took the snapshot, by store; absent: not known. */
  nodes?: Record<StoreName, number>;
  /** The version that each Elasticsearch said it is, or that this preflight accepted before; absent: not asked yet. */
  versions?: Record<StoreName, string>;
  /** The node that makes the new cluster, by store; absent: its nodes form one by their own settings. */
  bootstraps?: Record<StoreName, Bootstrap>;
  capture: CaptureOutline;
  /** Whose capture that is; absent: the recovery point's own. */
  captureSource?: CaptureSource;
  /** Points that come first but cannot be read, with the reason for each: preflight refuses, and names this one. */
  passedOver?: string[];
  /** Why the recovery point is suspect; absent: it is not, or a person accepted it. */
  suspect?: string;
  /** What was proven before; `named`: a person named the point, or asked for a proven one. Absent: a host was told the point. */
  proofs?: { points: PointsDigest; named: boolean };
  observed: ObservedDeployment;
  /** Where each store keeps its data. */
  storePaths: PathsOfStores;
  volumes: VolumeTreatment;
  /** Hosts whose worker reads another platform file; absent: none. */
  platformFilesDiffer?: HostName[];
  /** Services that lie on another host than the platform file says; absent: none. */
  strays?: Stray[];
}

/** Where steps find the capture. */
export function captureSourceOf({ manifest, captureSource }: RestoreSituation): CaptureSource {
  return captureSource ?? manifest.id;
}

/** Volumes and folders that hold data, of a situation on one host: see `mountFates`. */
export function dataVolumes(situation: RestoreSituation): Set<VolumeName> {
  return whatGoes(situation);
}

/** By name; those of the platform's own host first. */
export function presentDataVolumes(situation: RestoreSituation): ObservedVolume[] {
  return onEachHost(situation, (there) => {
    const names = dataVolumes(there);
    return there.observed.volumes.filter(({ name }) => names.has(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  });
}

/** What each host has of something, one host after the other; `host`: as a step names it. */
export function onEachHost<T>(
  situation: RestoreSituation,
  work: (there: RestoreSituation, host: { host?: HostName }) => T[],
): T[] {
  const main = situation.observed.host;
  return hostsOf(situation.platform, main).flatMap((host) =>
    work(situationOn(situation, host), host === main ? {} : { host }),
  );
}

/** The situation of the host that carries the service. */
export function situationOf(situation: RestoreSituation, service: ServiceName): RestoreSituation {
  return situationOn(situation, hostOf(situation.platform, service) ?? situation.observed.host);
}

/** Failure: ServiceNotFound when no data service is known. */
export function helperImage({ platform, observed, capture }: RestoreSituation): string {
  const image = findHelperImage(platform.deployment, observed, capture);
  if (image !== undefined) return image;
  throw new Failure('ServiceNotFound', {
    message: 'No data service is on the engine or in the capture',
    remedy: 'Correct deployment.data in the platform file',
  });
}
