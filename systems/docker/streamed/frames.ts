/** A piece of one of the two outputs that the engine sends through one connection. */
export interface Frame {
  stream: 'stdout' | 'stderr';
  bytes: Uint8Array;
}

const headerBytes = 8;

/**
 * Takes the engine's stream of several outputs apart: a header of 8 bytes (which output, length in the last four), then as many
 * bytes. Dockerode's own way writes into streams whether or not these have room, so a slow reader would fill the memory. A
 * frame is passed on as it comes, in pieces. What ends within a frame throws.
 */
export async function* framesOf(connection: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let header = Buffer.alloc(0);
  let left = 0;
  let stream: Frame['stream'] = 'stdout';
  for await (const piece of connection) {
    for (let at = 0; at < piece.length;) {
      if (left > 0) {
        const bytes = piece.subarray(at, at + left);
        at += bytes.length;
        left -= bytes.length;
        yield { stream, bytes };
        continue;
      }
      const more = piece.subarray(at, at + headerBytes - header.length);
      header = Buffer.concat([header, more]);
      at += more.length;
      if (header.length < headerBytes) continue;
      stream = header[0] === 2 ? 'stderr' : 'stdout';
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
  }
  if (left > 0 || header.length > 0)
    throw Object.assign(new Error('the connection ended within a frame'), { code: 'ECONNRESET' });
}
