import { extract, pack, type Header } from 'tar-stream';
import { Failure } from '../../domain/failures.ts';
import type { Pieces } from '../streams/pieces.ts';
import { sourceOf } from '../streams/source.ts';

type Entry = AsyncIterable<Uint8Array> & NodeJS.EventEmitter & { header: Header };

/** What restores of Rekindle and file systems keep in the folder themselves. */
const neverOurs = /^(rekindle-(new|kept|part|gone|note)-[^/]*|lost\+found)(\/|$)/;

/**
 * A tar archive without some of its entries: paths below its folder, each with all that lies in it. Failures: InvalidArgument, when
 * what stays is a hard link to what does not; what the pieces throw.
 */
export async function* filtered(pieces: Pieces, exclude: readonly string[]): AsyncGenerator<Uint8Array> {
  const isLeftOut = (path: string) =>
    neverOurs.test(path) || exclude.some((excluded) => path === excluded || path.startsWith(`${excluded}/`));
  const source = sourceOf(pieces);
  const reader = extract();
  const writer = pack();
  // Whoever reads the result hears of it; an error of a stream that nobody listens to would end the process.
  const quiet = <S extends NodeJS.EventEmitter>(stream: S): S => stream.on('error', () => undefined);
  quiet(reader);
  quiet(writer);
  const reading = (async () => {
    for await (const piece of source.pieces) {
      if (isEnded(reader)) return;
      // Copied: the reader keeps what it has not read yet.
      if (!reader.write(Buffer.from(piece))) await drained(reader);
    }
    reader.end(null);
  })().catch((error: unknown) => reader.destroy(error as Error));
  const writing = (async () => {
    for await (const entry of reader as AsyncIterable<unknown> as AsyncIterable<Entry>) {
      const { header } = quiet(entry);
      const path = bare(header.name);
      if (isLeftOut(path)) {
        for await (const _ of entry);
        continue;
      }
      if (header.type === 'link' && isLeftOut(bare(header.linkname))) throw halfLink(header);
      const out = quiet(writer.entry(header));
      for await (const piece of entry) if (!out.write(piece)) await drained(out);
      out.end(null);
    }
    writer.finalize();
  })().catch((error: unknown) => writer.destroy(error as Error));
  try {
    yield* writer as AsyncIterable<Uint8Array>;
    await Promise.all([reading, writing]);
  } catch (error) {
    throw source.explain(error, () => error);
  } finally {
    reader.destroy();
    writer.destroy();
  }
}

const bare = (path: string): string => path.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');

const isEnded = (stream: NodeJS.EventEmitter): boolean => (stream as { destroyed?: boolean }).destroyed === true;

/** Also when the stream is destroyed: who waits for it must go on. */
function drained(stream: NodeJS.EventEmitter): Promise<void> {
  if (isEnded(stream)) return Promise.resolve();
  return new Promise((resolve) => {
    const go = () => {
      for (const event of ['drain', 'close', 'error']) stream.off(event, go);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) stream.on(event, go);
  });
}

function halfLink({ name, linkname }: Header): Failure {
  return new Failure('InvalidArgument', {
    message: `The hard link ${bare(name)} leads to ${bare(linkname)}, which "exclude" leaves out`,
    remedy: 'Leave out both of them or neither, in the platform file',
  });
}
