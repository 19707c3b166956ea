import { failed } from '../../domain/checks.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import type { ObservedDeployment } from '../../domain/deployment.ts';
import { Failure } from '../../domain/failures.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import type { PointChoice } from '../../domain/recovery-points/recovery-point.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { chooseReadable, type ReadablePoint } from '../recovery-points/choose-readable.ts';
import { readExpectedSetOf } from '../recovery-points/read-point.ts';
import { streamContents } from '../streams/published.ts';
import { findCapture, type FoundCapture } from './find-capture.ts';

interface PointContent {
  capture: FoundCapture;
  indices: RestoreSituation['indices'];
  nodes: RestoreSituation['nodes'];
}

/** The recovery point with what a plan needs of it. Failure: PreflightRefused when there are points, and none of them can be read. */
export async function chooseWhole(
  open: OpenPlatform,
  choice: PointChoice,
  observed: ObservedDeployment,
): Promise<ReadablePoint<PointContent>> {
  try {
    return await chooseReadable(open, choice, async (manifest) => {
      const indices: PointContent['indices'] = {};
      const nodes: PointContent['nodes'] = {};
      for (const store of manifest.stores) {
        const expected = await readExpectedSetOf(open, store);
        indices[store.store] = expected.indices;
        if (expected.nodes !== undefined) nodes[store.store] = expected.nodes;
      }
      await streamContents(open, manifest.streams);
      return { indices, nodes, capture: await findCapture(open, manifest, observed) };
    });
  } catch (error) {
    if (!(error instanceof Failure) || !['CatalogueRefused', 'CaptureUnreadable'].includes(error.kind)) throw error;
    throw new ChecksFailed(
      `No recovery point of ${open.platform.platform} can be read back`,
      [failed('recovery point', error.message, error.remedy)],
      'PreflightRefused',
    );
  }
}
