import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  ParentClosePolicy,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { LockHolder } from '../../domain/runs/run.ts';
import { exclusive } from '../exclusive.ts';
import { releaseLock } from '../messages.ts';
import { shared } from './options.ts';

/**
 * Runs `work` while holding the platform's lock. When another run holds it: `onBusy` decides by throwing (the newcomer
 * ends) or by returning (it waits and tries again).
 */
export async function withLock<T>(
  platform: string,
  onBusy: (holder: LockHolder | undefined) => void | Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await acquire(platform, onBusy);
  try {
    return await work();
  } finally {
    await CancellationScope.nonCancellable(async () => {
      await lock.signal(releaseLock);
      await lock.result();
    });
  }
}

async function acquire(platform: string, onBusy: (holder: LockHolder | undefined) => void | Promise<void>) {
  for (;;) {
    try {
      // Not cancelled with its holder: the lock is needed as long as something is being undone.
      return await CancellationScope.nonCancellable(() =>
        startChild(exclusive, {
          workflowId: `exclusive/${platform}`,
          args: [{ run: workflowInfo().workflowId }],
          parentClosePolicy: ParentClosePolicy.TERMINATE,
          staticSummary: `lock of ${platform}, held by ${workflowInfo().workflowId}`,
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await onBusy(
        await shared.describeLock.executeWithOptions({ summary: `see who holds ${platform}` }, [{ platform }]),
      );
      await sleep('2 seconds');
    }
  }
}

export function busy(platform: string, holder: LockHolder | undefined): ApplicationFailure {
  const who = holder?.workflowId ?? 'another run';
  return ApplicationFailure.create({
    type: 'PlatformBusy',
    nonRetryable: true,
    message: `${platform} is being worked on by ${who}; nothing was touched`,
    details: [{ remedy: `watch it with "rekindle watch ${who}", and start again when it has ended` }],
  });
}
