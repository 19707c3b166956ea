import { addEventHandler } from 'jest-circus';

/*
 * After SIGINT or SIGTERM: no further test begins, the one that runs may end (the commands that it waits for got the signal
 * too), and what tests and files registered to clean up with is run.
 */

/** How long a test that runs may go on, so that its own clean-up is done. */
const graceMs = 20_000;

let reason;
let interrupted;
const whenInterrupted = new Promise((resolve) => (interrupted = resolve));

/** The process group gets the signals as well; the runner says when to end. */
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);

export function onInterrupt(message) {
  reason = new Error(message);
  interrupted();
}

addEventHandler(({ name, hook, test }) => {
  if (name === 'test_started' && reason) test.errors.push(reason);
  if (name === 'hook_start' && reason && hook.type.startsWith('before')) hook.fn = () => Promise.reject(reason);
  if (name === 'test_fn_start' && !reason) {
    const { fn } = test;
    test.fn = () => Promise.race([fn(), givenUp()]);
  }
});

async function givenUp() {
  await whenInterrupted;
  await new Promise((resolve) => setTimeout(resolve, graceMs));
  throw reason;
}
