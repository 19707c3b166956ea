import type { Step } from '../plans/steps.ts';
import type { CopyStepArguments } from './steps.ts';
import type { CopiedIndex } from './wishes.ts';

/** The exact names of what a step of a copy touches, for people; undefined: it is no step of a copy. */
export function namesInCopyStep(step: Step): string[] | undefined {
  switch (step.action) {
    case 'registerSource':
    case 'forgetSource':
      return [`${step.arguments.repository}, from ${step.arguments.from}`];
    case 'verifySource':
      return [step.arguments.snapshot];
    case 'removeIndices':
      return step.arguments.indices.map(({ index }) => index);
    case 'copyIndices':
    case 'discardCopied':
    case 'verifyCopied':
      return step.arguments.indices.map(arrow);
    case 'raiseReplicas':
      return Object.entries(step.arguments.replicas).map(
        ([number, indices]) => `${number} replicas for ${indices.join(' ')}`,
      );
    case 'swapAliases':
      return step.arguments.swaps.map(swapWords);
    default:
      return undefined;
  }
}

const arrow = ({ source, restored }: CopiedIndex): string => (source === restored ? source : `${source} → ${restored}`);

function swapWords({ name, index, removes, leaves }: CopyStepArguments['swapAliases']['swaps'][number]): string {
  const away = removes ? [`deletes the index ${removes.index}`] : leaves.map((left) => `leaves ${left}`);
  return `${name} means ${index}${away.length > 0 ? ` (${away.join(', ')})` : ''}`;
}

/** The indices that a copy deletes, at once or in the moment of its swap: no rollback brings them back. */
export function deletedByCopy(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    if (step.action === 'removeIndices') return step.arguments.indices.map(({ index }) => index);
    if (step.action === 'swapAliases') return step.arguments.swaps.flatMap(({ removes }) => removes?.index ?? []);
    return [];
  });
}
