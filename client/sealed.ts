import type { WorkflowHandle } from '@temporalio/client';
import type { Said, Seal, Sealer } from '../domain/seal.ts';

/**
 * What a person says to a run, with the signature of the gateway that knows the person; as it is where no gateway speaks.
 * Of use in this very execution, and for some minutes.
 */
export async function sealed<T extends Omit<Said, 'run' | 'execution' | 'word'>>(
  handle: WorkflowHandle,
  word: Said['word'],
  said: T,
  sealer: Sealer | undefined,
): Promise<T & { seal?: Seal }> {
  if (sealer === undefined) return said;
  const { workflowId, runId } = await handle.describe();
  return { ...said, seal: sealer({ ...said, run: workflowId, execution: runId, word }) };
}
