import { findHelperImage, type CaptureOutline, type ObservedDeployment } from '../../deployment.ts';
import { Failure } from '../../failures.ts';
import type { PathsOfStores } from '../../mounts.ts';
import type { IndexName, Platform, StoreName, VolumeName, VolumeTreatment } from '../../platform.ts';
import type { RecoveryPointManifest } from '../../recovery-points/recovery-point.ts';
import { whatGoes } from '../mount-fates.ts';
import type { CaptureSource } from '../steps.ts';
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
  observed: ObservedDeployment;
  /** Where each store keeps its data. */
  storePaths: PathsOfStores;
  volumes: VolumeTreatment;
}

/** Where steps find the capture. */
export function captureSourceOf({ manifest, captureSource }: RestoreSituation): CaptureSource {
  return captureSource ?? manifest.id;
}

/** Volumes and folders that hold data: see `mountFates`. */
export function dataVolumes(situation: RestoreSituation): Set<VolumeName> {
  return whatGoes(situation);
}

export function presentDataVolumes(situation: RestoreSituation) {
  const names = dataVolumes(situation);
  return situation.observed.volumes
    .filter(({ name }) => names.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
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
