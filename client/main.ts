import { CommanderError } from 'commander';
import { connectDocker } from '../systems/docker/engine.ts';
import { adoptSnapshots } from '../activities/adopt.ts';
import { openPlatform } from '../activities/open-platform.ts';
import { personOf, pin, unpin } from '../activities/pins.ts';
import { assessRestore } from '../activities/assess-restore.ts';
import { seal } from '../activities/seal.ts';
import { previewPrune } from '../activities/prune/preview.ts';
import { previewQueues } from '../activities/queue/preview.ts';
import { readRunningJobs } from '../activities/queue/queue.ts';
import { readPointInFull } from '../activities/recovery-points.ts';
import { readEnvironment, type Environment } from '../config/environment.ts';
import { redact, redactWords } from '../config/redaction.ts';
import { Failure } from '../domain/failures.ts';
import { planRebuild } from '../domain/plan-rebuild.ts';
import type { RunProgress } from '../domain/progress.ts';
import type { StepProgress } from '../domain/steps.ts';
import { createKeyFile } from '../systems/encryption/key-file.ts';
import type { Toolbox } from './context.ts';
import { exitCodeOfFailure, exitCodes } from './exit-codes.ts';
import { Interrupted } from './follow.ts';
import { makeProgram } from './program.ts';
import { readVersion } from './version.ts';

// The composition root: the one file that brings the parts together.

const dependencies = (environment: Environment = readEnvironment()) => ({
  environment,
  docker: connectDocker({ host: environment.dockerHost }),
});

const toolbox: Toolbox = {
  async assessRestore(input, onWait) {
    let said = '';
    const onProgress = ({ note }: StepProgress) => {
      if (note !== said) onWait(note);
      said = note;
    };
    return assessRestore(await openPlatform(dependencies(), input.platform), input, { onProgress });
  },
  async planRebuild(input) {
    const { platform, fileHash, host } = await openPlatform(dependencies(), input.platform);
    const { store: only, removeExtra } = input;
    return seal(planRebuild({ platform, platformFileHash: fileHash, host, only, removeExtra }));
  },
  async previewQueues({ platform, store: only }, { list }) {
    return previewQueues(await openPlatform(dependencies(), platform), { only, list });
  },
  async readRunningJobs(platform, run) {
    return readRunningJobs(await openPlatform(dependencies(), platform), run);
  },
  async listPoints(platform) {
    const { catalogue } = await openPlatform(dependencies(), platform);
    return catalogue.listPoints();
  },
  async previewPrune(platform) {
    return previewPrune(await openPlatform(dependencies(), platform));
  },
  async pinPoint(platform, point, by) {
    const { catalogue } = await openPlatform(dependencies(), platform);
    return pin(catalogue, point, personOf(by));
  },
  async unpinPoint(platform, point, options) {
    const { catalogue } = await openPlatform(dependencies(), platform);
    return unpin(catalogue, point, options);
  },
  async readPoint(platform, id) {
    return readPointInFull(await openPlatform(dependencies(), platform), id);
  },
  async adoptPoints(platform) {
    return adoptSnapshots(await openPlatform(dependencies(), platform));
  },
  async readReport(platform, run) {
    const { catalogue } = await openPlatform(dependencies(), platform);
    return (await catalogue.readReport(run)) as RunProgress | undefined;
  },
  async validatePlatform(platform) {
    await openPlatform(dependencies(), platform);
  },
  async generateKey(file) {
    return { file, ...(await createKeyFile(file)) };
  },
  async startWorker(environment) {
    // Loaded when needed: Temporal's native core takes half a second that a look at the catalogue should not wait for.
    const { startWorker } = await import('../worker/worker.ts');
    return startWorker(dependencies(environment));
  },
  async startGateway(environment) {
    const { startGateway } = await import('../gateway/gateway.ts');
    return startGateway({
      environment,
      version: await readVersion(),
      openCatalogue: async (platform) => (await openPlatform(dependencies(environment), platform)).catalogue,
    });
  },
  async demoStack() {
    const { bringUp } = await import('../stack/demo-platform.ts');
    const { loseEverything } = await import('../stack/disasters.ts');
    const { folderOf, removeLeftovers, tearDown } = await import('../stack/tear-down.ts');
    return { bringUp, loseEverything, tearDown, removeLeftovers, folderOf };
  },
};

/** Prints what failed, why and what to do, and answers with the exit code. */
function explain(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.passed;
    // Commander has told it on standard error already.
    const message = error.message === '(outputHelp)' ? 'a command is missing' : error.message.replace(/^error: /, '');
    if (json) print({ failure: { kind: 'InvalidArgument', message, remedy: '"rekindle --help" lists the commands' } });
    return exitCodes.badInput;
  }
  if (error instanceof Interrupted) {
    if (json) print({ interrupted: true, run: error.run, message: error.message });
    else process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  const failure =
    error instanceof Failure
      ? error
      : new Failure('Internal', {
          message: error instanceof Error ? (error.stack ?? error.message) : String(error),
          remedy: 'this is a fault of Rekindle: report it with the lines above',
        });
  if (json) print({ failure: { kind: failure.kind, message: failure.message, remedy: failure.remedy } });
  else process.stderr.write(redact(`${failure.message}\n→ ${failure.remedy}\n`));
  return exitCodeOfFailure(failure.kind);
}

function print(document: unknown): void {
  process.stdout.write(`${JSON.stringify(redactWords(document))}\n`);
}

let exitCode: number = exitCodes.passed;
try {
  await makeProgram(toolbox, (code) => (exitCode = code)).parseAsync();
} catch (error) {
  exitCode = explain(error, process.argv.includes('--json'));
}
// Not process.exit: what was written must reach a pipe. Open handles (keep-alive sockets) must not hold the process.
process.exitCode = exitCode;
process.stdout.write('', () => process.exit());
