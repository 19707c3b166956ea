import type { Container } from 'dockerode';
import type Docker from 'dockerode';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** The engine ends the stream soon after the container; after this many milliseconds it is not waited for. */
const drainMilliseconds = 2000;

export interface Following {
  /** Settled when the container's last line was handed on, or soon after being asked for. Never rejects. */
  drained: PromiseLike<void>;
  close: () => void;
}

/** Hands on the container's output, both streams, line by line, from its first line. */
export async function followLines(
  docker: Docker,
  container: Container,
  onLine: (line: string) => void,
): Promise<Following> {
  const source = (await container.logs({ follow: true, stdout: true, stderr: true })) as NodeJS.ReadableStream & {
    destroy: () => void;
  };
  const output = new PassThrough();
  const lines = createInterface({ input: output });
  lines.on('line', onLine);
  const closed = new Promise<void>((resolve) => lines.once('close', resolve));
  docker.modem.demuxStream(source, output, output);
  // An engine that goes away ends the output, too; that it is away says the next call.
  void finished(source, { writable: false })
    .catch(() => undefined)
    .then(() => output.end());
  return {
    get drained() {
      return Promise.race([closed, delay(drainMilliseconds, undefined, { ref: false })]);
    },
    close: () => {
      source.destroy();
      lines.close();
    },
  };
}
