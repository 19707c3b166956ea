import { Duplex } from 'node:stream';
import type { ClientChannel } from 'ssh2';

/** Enough of what a command says to see why it failed. */
const mostSaid = 2000;

/**
 * A command's standard input and output over SSH, as one stream. When the command fails before it wrote anything, the stream
 * fails with what `explain` makes of its exit code and standard error, in place of a plain end that says nothing.
 */
export function streamOf(
  channel: ClientChannel,
  explain: (exitCode: number | undefined, said: string) => Error,
): Duplex {
  let said = '';
  let exitCode: number | undefined;
  let answered = false;
  const stream = new Duplex({
    read: () => void channel.resume(),
    write: (chunk: Buffer, encoding, done) => void channel.write(chunk, encoding, done),
    final(done) {
      channel.end();
      done();
    },
    destroy(error, done) {
      channel.destroy();
      done(error);
    },
  });
  channel.on('data', (chunk: Buffer) => {
    answered = true;
    if (!stream.push(chunk)) channel.pause();
  });
  channel.stderr.on('data', (chunk: Buffer) => {
    if (said.length < mostSaid) said += chunk.toString();
  });
  channel.on('exit', (code: number | null) => {
    exitCode = code ?? undefined;
  });
  channel.on('error', (error: Error) => stream.destroy(error));
  // Not at its end: why it ended comes after that.
  channel.on('close', () => {
    if (answered || stream.destroyed) stream.push(null);
    else stream.destroy(explain(exitCode, said));
  });
  return stream;
}
