/*
 * Jest's runner for this project: its tests run in plain Node processes, on TypeScript as it stands, with jest-circus. Why not
 * Jest's own: docs/decisions/0007-jest.md. `testEnvironmentOptions` of a project (jest.config.mjs) hold its limits.
 */
import { pathToFileURL } from 'node:url';
import { toTestResult } from './result.mjs';
import { startProcess } from './process.mjs';
import './typescript.mjs';

export default class Runner {
  constructor(globalConfig) {
    this.globalConfig = globalConfig;
  }

  /** Project after project: each has a set-up of its own, and some must not share the machine. */
  async runTests(tests, watcher, onStart, onResult, onFailure) {
    const configs = new Set(tests.map(({ context }) => context.config));
    for (const config of configs) {
      const ofProject = tests.filter(({ context }) => context.config === config);
      await this.runProject(config, ofProject, watcher, { onStart, onResult, onFailure });
      if (process.exitCode) return;
    }
  }

  async runProject(config, tests, watcher, report) {
    const { setUp, processes } = config.testEnvironmentOptions;
    const lanes = Math.min(processes, this.globalConfig.maxWorkers, tests.length);
    const interruption = new AbortController();
    const interrupt = (signal) => {
      process.exitCode = 1;
      interruption.abort(new Error(`interrupted by ${signal}`));
    };
    const signals = ['SIGINT', 'SIGTERM'];
    for (const signal of signals) process.on(signal, interrupt);
    let undo = () => undefined;
    try {
      const { provided, tearDown } = setUp ? await this.setUp(setUp, interruption.signal, lanes) : {};
      undo = tearDown ?? undo;
      const queue = [...tests];
      const stop = () => interruption.signal.aborted || watcher.isInterrupted();
      const run = { globalConfig: this.globalConfig, config, provided, interruption: interruption.signal };
      await Promise.all(Array.from({ length: lanes }, (_, index) => runLane(index + 1, queue, stop, run, report)));
    } finally {
      await undo();
      for (const signal of signals) process.off(signal, interrupt);
    }
  }

  async setUp(file, signal, lanes) {
    const { default: setUp } = await import(pathToFileURL(file));
    return setUp(signal, lanes);
  }
}

/** One process works through the queue, as JEST_WORKER_ID says which; a file that ends it does not take the others with it. */
async function runLane(id, queue, stop, run, { onStart, onResult, onFailure }) {
  let worker;
  for (let test = queue.shift(); test && !stop(); test = queue.shift()) {
    worker ??= startProcess(id, run);
    await onStart(test);
    const answer = await worker.runFile(test.path);
    if (answer.error) await onFailure(test, answer.error);
    else await onResult(test, toTestResult(answer, test, run.globalConfig));
    if (answer.lost) worker = undefined;
  }
  await worker?.end();
}
