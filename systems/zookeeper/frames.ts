/**
 * Cuts what a socket delivers into whole frames of ZooKeeper's protocol (a length of four bytes, then that many), each
 * handed to `deliver` with its length. A listing of many megabytes arrives in thousands of pieces: they are joined once.
 */
export function frameReader(deliver: (frame: Buffer) => void): (chunk: Buffer) => void {
  let pieces: Buffer[] = [];
  let held = 0;
  let needed = 4;
  return (chunk) => {
    pieces.push(chunk);
    held += chunk.length;
    if (held < needed) return;
    let rest = pieces.length === 1 ? chunk : Buffer.concat(pieces, held);
    for (;;) {
      needed = rest.length < 4 ? 4 : 4 + rest.readInt32BE(0);
      if (rest.length < needed) break;
      deliver(rest.subarray(0, needed));
      rest = rest.subarray(needed);
    }
    pieces = rest.length > 0 ? [rest] : [];
    held = rest.length;
  };
}
