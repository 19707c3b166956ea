import {
  outlineOf,
  type CaptureOutline,
  type DeploymentCapture,
  type ObservedDeployment,
} from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import { servicesInStopOrder } from '../../domain/platform.ts';
import { fittingPoints, type RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';
import { beforeRun, type CaptureSource } from '../../domain/plans/step-arguments.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readCapture } from '../recovery-points/read-point.ts';
import { outlineEverywhere } from '../hosts/capture-everywhere.ts';
import { captureNow } from '../stores/capture-now.ts';

export interface FoundCapture {
  outline: CaptureOutline;
  /** Whose it is; undefined: there is none, so what is missing cannot be created. */
  source?: CaptureSource;
}

const nothing: CaptureOutline = { containers: [], networks: [], volumes: [] };

/** How many of the newest points are tried; a capture that cannot be read is reported when its own point is restored. */
const mostTried = 5;

/**
 * The capture that a restore of the point creates services from: its own; for an adopted point, which has none, that of
 * the newest point that has one; else the deployment as it stands, when every service is there. Failures: those of
 * reading the point's own capture; MissingKey.
 */
export async function findCapture(
  open: OpenPlatform,
  manifest: RecoveryPointManifest,
  observed: ObservedDeployment,
): Promise<FoundCapture> {
  if (manifest.capture) return { source: manifest.id, outline: outlineOf(await readCapture(open, manifest.id)) };
  const { points } = await open.catalogue.listPoints();
  const others = fittingPoints(points, { latest: true }).filter(({ adopted }) => adopted === undefined);
  for (const { id } of others.slice(0, mostTried)) {
    const capture = await captureIfReadable(open, id);
    if (capture) return { source: id, outline: outlineOf(capture) };
  }
  const stands = (service: string) => observed.containers.some((container) => container.service === service);
  if (!servicesInStopOrder(open.platform).every(stands)) return { outline: nothing };
  return { source: beforeRun, outline: await outlineEverywhere(open) };
}

/** What a source of captures holds before the run's first stop. Failures: CaptureUnreadable, MissingKey. */
export function readCaptureOf(open: OpenPlatform, source: CaptureSource): Promise<DeploymentCapture> {
  return source === beforeRun ? captureNow(open) : readCapture(open, source);
}

async function captureIfReadable(open: OpenPlatform, id: string): Promise<DeploymentCapture | undefined> {
  try {
    return await readCapture(open, id);
  } catch (error) {
    const damaged = ['CatalogueRefused', 'CaptureUnreadable', 'RecoveryPointNotFound'];
    if (error instanceof Failure && damaged.includes(error.kind)) return undefined;
    throw error;
  }
}
