import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { Said, Seal } from '../../domain/seal.ts';
import { locate, shared } from './activity-options.ts';
import { recordOf, refuse } from './failure-record.ts';
import type { Run } from './open-run.ts';

/** Refuses a word of nobody. `asks`: who would have to say it, `who approves?`. */
export function assertNamed(by: string | undefined, asks: string): asserts by is string {
  if (by === undefined || by.trim() === '') refuse(`"by" is missing: ${asks}`);
}

/** What a person said, as it arrives. */
type Arrived = Omit<Said, 'run' | 'execution' | 'word'> & { seal?: Seal };

/**
 * Refuses what nobody vouches for, where the platform file demands authenticated names: everybody who reaches Temporal can
 * send an Update with any name in it. Time passes meanwhile, so what was checked before must be checked again.
 */
export function openAuthentication(run: Run): (word: Said['word'], arrived: Arrived) => Promise<void> {
  // A seal can be read in the history: whoever sends it again repeats nothing with it.
  const used = new Set<string>();

  async function faultOf(said: Said, seal: Seal | undefined): Promise<string | undefined> {
    if (seal === undefined) return 'no gateway vouches for it';
    if (used.has(seal.signature)) return 'its signature was used already';
    const summary = `see whether a gateway vouches for ${said.by}`;
    const fault = await shared.faultOfSeal.executeWithOptions({ summary }, [{ said, seal }]).catch(reasonOf);
    if (fault !== undefined) return fault;
    // Again after the pause: the same one may have come twice.
    if (used.has(seal.signature)) return 'its signature was used already';
    used.add(seal.signature);
    return undefined;
  }

  return async (word, { seal, ...said }) => {
    const { platform } = run.progress;
    const policy = run.policy ?? (await CancellationScope.nonCancellable(() => locate(platform)));
    if (policy.authenticated !== true) return;
    const { workflowId, runId } = workflowInfo();
    const whole = { ...said, run: workflowId, execution: runId, word };
    // Also after a request to cancel: a quarantine goes on then.
    const fault = await CancellationScope.nonCancellable(() => faultOf(whole, seal));
    if (fault !== undefined)
      refuse(
        `"${word}" by ${said.by} does not count: ${fault}. The platform file of ${platform} demands authenticated names (restore.authenticated): use the gateway's page, or the command line with --gateway`,
      );
  };
}

function reasonOf(error: unknown): string {
  const { message, remedy } = recordOf(error);
  return `${message} (${remedy})`;
}
