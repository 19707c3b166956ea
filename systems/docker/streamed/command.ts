import type Docker from 'dockerode';
import type { Duplex } from 'node:stream';
import { Failure } from '../../../domain/failures.ts';
import { createExec, exec } from '../exec.ts';
import { framesOf, type Frame } from './frames.ts';
import { Tail } from './tail.ts';

/** A command in a running container whose output or input is too large to be held. The container has `sh`. */
export interface StreamedCommand {
  command: string[];
  /** As the image's user when left out. */
  user?: string;
  /** Secrets, too: of the environment the engine tells nobody who asks for the command. */
  environment?: Record<string, string>;
  /** Taken out of what the command says before it is shown. */
  secrets?: string[];
  /** For messages: `pg_dump of the database app`. */
  what: string;
}

/** The command under way. */
export interface Running {
  connection: Duplex;
  frames: AsyncGenerator<Frame>;
  /** Settled when the command has begun, so that `stop` can end it; must be read meanwhile. */
  started: Promise<void>;
  /** Takes what comes on standard error; of which the last lines are kept. */
  heard: (bytes: Uint8Array) => void;
  /** Waits for nothing more: throws when the command did not end with 0. Failures: ContainerFailed, ECONNRESET. */
  demandSuccess: () => Promise<void>;
  /** Ends the command, when it still runs, and the connection. Never throws. */
  stop: () => Promise<void>;
}

const killSeconds = 10;

/**
 * Starts the command. The engine lets it run on when the connection ends, so its first line on standard error is its process
 * id, by which `stop` ends it. Failure: ServiceNotFound.
 */
export async function startCommand(
  docker: Docker,
  container: string,
  { command, user, environment = {}, secrets = [], what }: StreamedCommand,
  { input, signal }: { input: boolean; signal?: AbortSignal },
): Promise<Running> {
  signal?.throwIfAborted();
  const attempt = await createExec(docker, container, {
    Cmd: ['sh', '-c', 'echo $$ >&2; exec "$@"', 'sh', ...command],
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    AttachStdin: input,
    AttachStdout: true,
    AttachStderr: true,
    ...(user === undefined ? {} : { User: user }),
  });
  const connection: Duplex = await attempt.start({ hijack: true, stdin: true });
  // Who reads or writes it hears of it; without a listener it would end the process.
  connection.on('error', () => undefined);
  const tail = new Tail(secrets);
  let ended = false;
  let hasStarted = (): void => undefined;
  const started = new Promise<void>((resolve) => (hasStarted = resolve));
  const end = async (reason?: Error): Promise<void> => {
    // First: a command whose input ends could take half of it for all.
    if (!ended && tail.processId !== undefined) await kill(docker, container, tail.processId, user);
    connection.destroy(reason);
  };
  const abort = () => void end(signal?.reason instanceof Error ? signal.reason : new Error('cancelled'));
  signal?.addEventListener('abort', abort, { once: true });
  return {
    connection,
    frames: framesOf(connection as AsyncIterable<Uint8Array>),
    started,
    heard(bytes) {
      tail.add(bytes);
      if (tail.processId !== undefined) hasStarted();
    },
    async demandSuccess() {
      const { ExitCode } = await attempt.inspect();
      if (ExitCode === null)
        throw Object.assign(new Error('the connection ended before the command'), { code: 'ECONNRESET' });
      ended = true;
      if (ExitCode !== 0) throw failed(what, container, ExitCode, tail.lastLines);
    },
    async stop() {
      signal?.removeEventListener('abort', abort);
      await end();
    },
  };
}

async function kill(docker: Docker, container: string, processId: number, user: string | undefined): Promise<void> {
  const signal = AbortSignal.timeout(killSeconds * 1000);
  const options = { signal, ...(user !== undefined && { user }) };
  // An engine or container that is gone has ended it.
  await exec(docker, container, ['sh', '-c', `kill -TERM ${processId}`], options).catch(() => undefined);
}

function failed(what: string, container: string, exitCode: number, lastLines: string): Failure {
  return new Failure('ContainerFailed', {
    message: `${what} in the container ${container} ended with exit code ${exitCode}: ${lastLines === '' ? 'it said nothing' : lastLines}`,
    remedy: 'Fix what it reports, then retry; the log of the container may say more',
  });
}
