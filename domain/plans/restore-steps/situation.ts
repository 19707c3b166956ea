import {
  findHelperImage,
  type CaptureOutline,
  type ObservedContainer,
  type ObservedDeployment,
} from '../../deployment.ts';
import { Failure } from '../../failures.ts';
import type { PathsOfStores } from '../../mounts.ts';
import type { IndexName, Platform, StoreName, VolumeName, VolumeTreatment } from '../../platform.ts';
import type { RecoveryPointManifest } from '../../recovery-points/recovery-point.ts';
import { whatGoes } from '../mount-fates.ts';
import type { CaptureSource, ContainerReference } from '../steps.ts';

/** Everything that a restore's plan is made from. */
export interface RestoreSituation {
  platform: Platform;
  platformFileHash: string;
  manifest: RecoveryPointManifest;
  /** The exact indices that the recovery point holds, by store. */
  indices: Record<StoreName, { name: IndexName; state: 'open' | 'closed' }[]>;
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

/** A policy of "no" on a stopped container may be what an earlier run left behind: then the capture knows better. */
export function referenceTo(
  { name, restartPolicy }: Pick<ObservedContainer, 'name' | 'restartPolicy'>,
  { capture }: RestoreSituation,
): ContainerReference {
  const captured = capture.containers.find((container) => container.name === name);
  return { name, restartPolicy: restartPolicy.name === 'no' && captured ? captured.restartPolicy : restartPolicy };
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
