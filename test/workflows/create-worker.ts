import v8 from 'node:v8';
import { Script } from 'node:vm';
import { Worker, type WorkerOptions } from '@temporalio/worker';

/**
 * A worker whose workflows run in this thread: one of its own for each of 300 workers costs a quarter of a second of processor
 * time. What the SDK does then for debuggers is left out, since it takes longer than the workflows themselves.
 */
export function createWorker(options: WorkerOptions): Promise<Worker> {
  leaveOutDebugging();
  return Worker.create({ ...options, ...few, debugMode: true });
}

/** Ten polls of each kind are more than the runs of one test use. */
const few = { maxConcurrentWorkflowTaskPolls: 2, maxConcurrentActivityTaskPolls: 2 };
/** The limit on each call of a workflow that the SDK sets in debug mode: 49 days. */
const noLimitMs = 2 ** 32 - 1;
let leftOut = false;

function leaveOutDebugging(): void {
  if (leftOut) return;
  leftOut = true;
  // The stack of each promise of this process, for a query that no test makes.
  v8.promiseHooks.createHook = () => () => undefined;
  // Node starts a thread to watch over each call with a limit.
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on each script
  const { runInContext } = Script.prototype;
  Script.prototype.runInContext = function (context, options) {
    const { timeout, ...others } = options ?? {};
    return runInContext.call(this, context, { ...others, ...(timeout !== noLimitMs && { timeout }) }) as unknown;
  };
}
