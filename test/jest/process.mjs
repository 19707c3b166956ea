import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
/** A process that still holds connections when it should end. */
const endWithinMs = 5000;

/**
 * A process that runs files of tests, one after the other. `runFile` resolves with what the worker answers: the outcome
 * of each test, or `error` when the file could not be run; `lost` when the process is gone.
 */
export function startProcess(id, { globalConfig, config, provided, interruption }) {
  const { testTimeout, hookTimeout, environment } = config.testEnvironmentOptions;
  const { testNamePattern, maxConcurrency, expand } = globalConfig;
  const child = fork(worker, [], {
    env: { ...process.env, ...environment, JEST_WORKER_ID: String(id) },
    // Node that strips types itself says that this is experimental.
    execArgv: process.features.typescript ? ['--disable-warning=ExperimentalWarning'] : [],
    serialization: 'advanced',
  });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  const interrupt = () => child.connected && child.send({ interrupt: interruption.reason.message });
  child.send({ settings: { testNamePattern, maxConcurrency, expand, testTimeout, hookTimeout }, provided });
  if (interruption.aborted) interrupt();
  interruption.addEventListener('abort', interrupt);

  return {
    async runFile(file) {
      const answered = new Promise((resolve) => child.once('message', resolve));
      child.send({ file });
      const lost = ended.then((end) => ({
        lost: true,
        error: { message: `the process of this file ended (${end}) before its tests did`, stack: '' },
      }));
      return Promise.race([answered, lost]);
    },
    async end() {
      interruption.removeEventListener('abort', interrupt);
      if (child.connected) child.disconnect();
      const kill = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
      await ended;
      clearTimeout(kill);
    },
  };
}
