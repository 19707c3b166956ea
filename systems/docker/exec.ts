import type Docker from 'dockerode';
import type { Duplex } from 'node:stream';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { Failure } from '../../domain/failures.ts';
import { statusOf } from './failures.ts';

export interface ExecOptions {
  /** Written to the command's standard input: the way for secrets, which never stand on a command line. */
  stdin?: string;
  /** As the image's user when left out. */
  user?: string;
  signal?: AbortSignal;
}

export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs a command inside a running container. Failures: `ServiceNotFound` when it is not there or does not run. */
export async function exec(
  docker: Docker,
  container: string,
  command: string[],
  { stdin, user, signal }: ExecOptions = {},
): Promise<ExecResult> {
  signal?.throwIfAborted();
  const attempt = await createExec(docker, container, {
    Cmd: command,
    AttachStdin: stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    ...(user === undefined ? {} : { User: user }),
  });
  const socket: Duplex = await attempt.start({ hijack: true, stdin: true });
  const stop = (): void => {
    socket.destroy();
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    docker.modem.demuxStream(socket, stdout, stderr);
    const outputs = Promise.all([text(stdout), text(stderr)]);
    if (stdin !== undefined) socket.end(stdin);
    // A socket that is cut short shows in the inspection that follows.
    await finished(socket, { writable: false }).catch(() => undefined);
    stdout.end();
    stderr.end();
    const [out, err] = await outputs;
    signal?.throwIfAborted();
    const { ExitCode } = await attempt.inspect();
    if (ExitCode === null)
      throw Object.assign(new Error('the connection ended before the command'), { code: 'ECONNRESET' });
    return { exitCode: ExitCode, stdout: out, stderr: err };
  } finally {
    signal?.removeEventListener('abort', stop);
    socket.destroy();
  }
}

/** A command that is not started yet. Failures: `ServiceNotFound` when its container is not there or does not run. */
export async function createExec(
  docker: Docker,
  container: string,
  options: Docker.ExecCreateOptions,
): Promise<Docker.Exec> {
  try {
    return await docker.getContainer(container).exec(options);
  } catch (error) {
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
    throw new Failure(
      'ServiceNotFound',
      {
        message: `No command can be run in container ${container}: it ${statusOf(error) === 404 ? 'is not on this host' : 'does not run'}`,
        remedy: `Start it (docker start ${container}), then retry`,
      },
      { cause: error },
    );
  }
}
