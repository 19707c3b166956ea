import type { CopyStepArguments } from '../domain/copies/steps.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import type { CopyInput, StepCall } from '../domain/runs/run.ts';
import type { Watch } from '../domain/watch.ts';
import { assessCopy, type BothSides } from '../operations/copies/assess-copy.ts';
import {
  copyIndices,
  discardCopied,
  raiseReplicas,
  removeIndices,
  swapAliases,
  verifyCopied,
} from '../operations/copies/copy-indices.ts';
import { forgetSource, registerSource, verifySource } from '../operations/copies/source.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';
import { pinForRun, unpinRun } from '../operations/recovery-points/pins.ts';
import { onPlatform } from './activity.ts';
import { currentRun } from './temporal-runs.ts';

/** One activity per action of a copy. */
type CopyActivities = {
  [A in keyof CopyStepArguments]: (call: StepCall<A>) => Promise<StepOutcome>;
};

/** `counted`: adds the number of the attempt, as for every step. */
export function copySteps(
  dependencies: Dependencies,
  counted: <Call>(
    operation: (open: OpenPlatform, call: Call, watch: Required<Watch>) => Promise<StepOutcome>,
  ) => (open: OpenPlatform, call: Call, watch: Required<Watch>) => Promise<StepOutcome>,
): CopyActivities {
  const step = <A extends keyof CopyStepArguments>(
    operation: (sides: BothSides, call: StepCall<A>, watch: Required<Watch>) => Promise<StepOutcome>,
  ) =>
    onPlatform(
      dependencies,
      counted(async (destination: OpenPlatform, call: StepCall<A>, watch: Required<Watch>) => {
        const { from = call.platform } = call.arguments as { from?: string };
        return operation({ source: await openPlatform(dependencies, from), destination }, call, watch);
      }),
    );
  return {
    registerSource: step(registerSource),
    verifySource: step(verifySource),
    forgetSource: step(forgetSource),
    removeIndices: step(removeIndices),
    copyIndices: step(copyIndices),
    discardCopied: step(discardCopied),
    verifyCopied: step(verifyCopied),
    raiseReplicas: step(raiseReplicas),
    swapAliases: step(swapAliases),
  };
}

/** The chosen point is pinned in the run's name on its own platform, so that no prune there removes it meanwhile. */
export const prepareCopy = (dependencies: Dependencies) =>
  onPlatform(dependencies, async (destination, input: CopyInput) => {
    const source = await openPlatform(dependencies, input.from);
    const { run } = currentRun();
    return assessCopy({ source, destination }, input, (id) => pinForRun(source.catalogue, id, run));
  });

/** However the copy ended, also before its first step: the source's recovery point need not be kept for it any longer. */
export const releaseSource = (dependencies: Dependencies) =>
  onPlatform(dependencies, async (_destination, { from }: { platform: string; from: string }) => {
    const { catalogue } = await openPlatform(dependencies, from);
    await unpinRun(catalogue, currentRun().run);
  });
