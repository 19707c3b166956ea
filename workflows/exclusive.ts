import { condition, log, setHandler } from '@temporalio/workflow';
import { releaseLock } from './messages.ts';

/**
 * The platform's lock: its workflow id, `exclusive/<platform>`, can run once only. Started as the child of the run
 * that holds it, with the parent close policy TERMINATE: whatever ends the holder ends the lock.
 */
export async function exclusive(holder: { run: string }): Promise<void> {
  let released = false;
  setHandler(releaseLock, () => {
    released = true;
  });
  log.debug('locked', holder);
  await condition(() => released);
}
