import { CommanderError } from 'commander';
import { redact, redactWords } from '../config/redaction.ts';
import { Failure } from '../domain/failures.ts';
import { exitCodeOfFailure, exitCodes } from './exit-codes.ts';
import { refuseOutsideClone } from './demo/refuse-outside-clone.ts';
import { Interrupted } from './interrupted.ts';
import { openPlatform } from './open-platform.ts';
import { makeProgram } from './program.ts';
import type { Toolbox } from './toolbox.ts';
import { readVersion } from '../config/version.ts';

// The composition root: the one file that brings the parts together, each when a command asks for it.

const toolbox: Toolbox = {
  async generateKey(file) {
    const { createKeyFile } = await import('../systems/encryption/key-file.ts');
    return { file, ...(await createKeyFile(file)) };
  },
  async startWorker(environment) {
    const { dependenciesOf } = await import('../operations/open-platform.ts');
    const { startWorker } = await import('../worker/worker.ts');
    return startWorker(dependenciesOf(environment), await readVersion());
  },
  async startGateway(environment) {
    const { startGateway } = await import('../gateway/gateway.ts');
    return startGateway({
      environment,
      version: await readVersion(),
      openCatalogue: async (platform) => (await openPlatform(environment, platform)).catalogue,
    });
  },
  async demoStack() {
    refuseOutsideClone();
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
    // Commander has already written it to standard error.
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
          remedy: 'This is a bug in Rekindle: report it with the lines above',
        });
  if (json) print({ failure: { kind: failure.kind, message: failure.message, remedy: failure.remedy } });
  else process.stderr.write(redact(`${failure.message}\n→ ${failure.remedy}\n`));
  return exitCodeOfFailure(failure.kind);
}

function print(document: unknown): void {
  process.stdout.write(`${JSON.stringify(redactWords(document))}\n`);
}

const dashes = process.argv.indexOf('--');
// What follows is for the command that "rekindle deploy" runs.
const own = dashes === -1 ? process.argv : process.argv.slice(0, dashes);
let exitCode: number = exitCodes.passed;
try {
  await makeProgram(toolbox, (code) => (exitCode = code), await readVersion()).parseAsync();
} catch (error) {
  exitCode = explain(error, own.includes('--json'));
}
// Exits only after the output has been flushed to a pipe; open handles, such as keep-alive sockets, must not keep the
// process alive.
process.exitCode = exitCode;
process.stdout.write('', () => process.exit());
