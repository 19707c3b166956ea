import { CommanderError } from 'commander';
import { readEnvironment, type Environment } from '../config/environment.ts';
import { redact, redactWords } from '../config/redaction.ts';
import { Failure } from '../domain/failures.ts';
import type { RunProgress } from '../domain/runs/progress.ts';
import type { StepProgress } from '../domain/plans/steps.ts';
import type { Toolbox } from './command-context.ts';
import { exitCodeOfFailure, exitCodes } from './exit-codes.ts';
import { Interrupted } from './interrupted.ts';
import { makeProgram } from './program.ts';
import { readVersion } from './version.ts';

// The composition root: the one file that brings the parts together, each when a command asks for it (program/register.ts).

async function dependencies(environment: Environment = readEnvironment()) {
  const { connectDocker } = await import('../systems/docker/engine.ts');
  return { environment, docker: connectDocker({ host: environment.dockerHost }) };
}

async function open(platform: string, environment?: Environment) {
  const { openPlatform } = await import('../operations/open-platform.ts');
  return openPlatform(await dependencies(environment), platform);
}

const toolbox: Toolbox = {
  async assessRestore(input, onWait) {
    const { assessRestore } = await import('../operations/restore/assess-restore.ts');
    let said = '';
    const onProgress = ({ note }: StepProgress) => {
      if (note !== said) onWait(note);
      said = note;
    };
    return assessRestore(await open(input.platform), input, { onProgress });
  },
  async planRebuild(input) {
    const { prepareRebuild } = await import('../operations/queue/prepare-rebuild.ts');
    return prepareRebuild(await open(input.platform), input);
  },
  async previewQueues({ platform, store: only }, { list }) {
    const { previewQueues } = await import('../operations/queue/preview-queues.ts');
    return previewQueues(await open(platform), { only, list });
  },
  async readRunningJobs(platform, run) {
    const { readRunningJobs } = await import('../operations/queue/running-jobs.ts');
    return readRunningJobs(await open(platform), run);
  },
  async listPoints(platform) {
    const { catalogue } = await open(platform);
    return catalogue.listPoints();
  },
  async previewPrune(platform) {
    const { previewPrune } = await import('../operations/prune/preview-prune.ts');
    return previewPrune(await open(platform));
  },
  async pinPoint(platform, point, by) {
    const { personOf, pin } = await import('../operations/recovery-points/pins.ts');
    const { catalogue } = await open(platform);
    return pin(catalogue, point, personOf(by));
  },
  async unpinPoint(platform, point, options) {
    const { unpin } = await import('../operations/recovery-points/pins.ts');
    const { catalogue } = await open(platform);
    return unpin(catalogue, point, options);
  },
  async readPoint(platform, id) {
    const { readPointInFull } = await import('../operations/recovery-points/read-point.ts');
    return readPointInFull(await open(platform), id);
  },
  async adoptPoints(platform) {
    const { adoptSnapshots } = await import('../operations/adopt/adopt.ts');
    return adoptSnapshots(await open(platform));
  },
  async readReport(platform, run) {
    const { catalogue } = await open(platform);
    return (await catalogue.readReport(run)) as RunProgress | undefined;
  },
  async validatePlatform(platform) {
    await open(platform);
  },
  async generateKey(file) {
    const { createKeyFile } = await import('../systems/encryption/key-file.ts');
    return { file, ...(await createKeyFile(file)) };
  },
  async startWorker(environment) {
    const { startWorker } = await import('../worker/worker.ts');
    return startWorker(await dependencies(environment));
  },
  async startGateway(environment) {
    const { startGateway } = await import('../gateway/gateway.ts');
    return startGateway({
      environment,
      version: await readVersion(),
      openCatalogue: async (platform) => (await open(platform, environment)).catalogue,
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
          remedy: 'this is a bug in Rekindle: report it with the lines above',
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
