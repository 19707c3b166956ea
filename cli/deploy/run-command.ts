import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { Failure } from '../../domain/failures.ts';

/**
 * Runs a program of the person's, with this process's streams and environment, and answers with its exit code; as shells
 * count, 128 and more when a signal ended it. Failure: InvalidArgument when it cannot be run.
 */
export async function runCommand(
  [program = '', ...args]: string[],
  { json, terminal = [0, 1, 2].some((stream) => isatty(stream)) }: { json: boolean; terminal?: boolean },
): Promise<number> {
  // With --json standard output belongs to the document.
  const child = spawn(program, args, { stdio: ['inherit', json ? 2 : 'inherit', 'inherit'] });
  // A terminal sends Ctrl-C to the program as well: some take a second one for "at once".
  const onInterrupt = () => void (terminal || child.kill('SIGINT'));
  const onTerminate = () => void child.kill('SIGTERM');
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(cannotRun(program, error)));
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    process.removeListener('SIGINT', onInterrupt);
    process.removeListener('SIGTERM', onTerminate);
  }
}

function cannotRun(program: string, { code = 'unknown reason' }: NodeJS.ErrnoException): Failure {
  return new Failure('InvalidArgument', {
    message: `${program} cannot be run: ${code}; the recovery point was taken, and nothing was deployed`,
    remedy: "Name a program after --; a line for the shell is: -- sh -c 'first && second'",
  });
}
