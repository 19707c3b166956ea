import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { engine } from './engine.ts';

/** Runs a command in a container, as its image's user. */
export async function execIn(container: Docker.Container, command: string[], stdin = '') {
  const run = await container.exec({ Cmd: command, AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await run.start({ hijack: true, stdin: true });
  const [out, err] = [new PassThrough(), new PassThrough()];
  engine().modem.demuxStream(stream, out, err);
  stream.on('end', () => {
    out.end();
    err.end();
  });
  stream.end(stdin);
  const [stdout, stderr] = await Promise.all([text(out), text(err)]);
  const { ExitCode } = await run.inspect();
  return { exitCode: ExitCode ?? -1, stdout, stderr };
}
