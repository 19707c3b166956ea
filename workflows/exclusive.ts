import { CancellationScope, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { releaseLock } from './messages.ts';
import { showAttributes } from './run/search-attributes.ts';

/**
 * The platform's lock: its workflow id, `exclusive/<platform>`, can run once only. Started as the child of the run that
 * holds it, with the parent close policy TERMINATE: whatever ends the holder ends the lock. A request to cancel it does
 * not, since its holder goes on working.
 */
export async function exclusive({ platform, run }: { platform: string; run: string }): Promise<void> {
  let released = false;
  setHandler(releaseLock, () => {
    released = true;
  });
  showAttributes({ kind: 'lock', platform });
  setCurrentDetails(`Lock of ${platform}, held by \`${run}\`. It ends with that run; to end it, cancel that run.`);
  await CancellationScope.nonCancellable(() => condition(() => released));
}
