import { connect, type Socket } from 'node:net';
import library, { type ConnectionManager, type Exception, type Packet } from 'node-zookeeper-client';

// ZooKeeper's request for many reads at once (MultiRead, since 3.6), which the library does not know: one request for each
// node costs the server ten times as much. Its bytes: https://github.com/apache/zookeeper/blob/master/zookeeper-server/src/main/java/org/apache/zookeeper/MultiOperationRecord.java

const multiRead = 22;
const getData = 4;
const sinceMajor = 3;
const sinceMinor = 6;
const headerBytes = 9;
const statBytes = 68;
const replyHeaderBytes = 20;
const tellsVersionMs = 3000;

/** The data of these nodes as they are within one moment, undefined where there is none; any other refusal fails. */
export function readAtOnce(
  manager: ConnectionManager,
  paths: readonly string[],
  done: (error: Exception | null | undefined, data: (Buffer | undefined)[]) => void,
): void {
  const header = { xid: 0, type: multiRead };
  const toBuffer = () => requestOf(header.xid, paths, manager.chrootPath ?? '');
  manager.queue({ header, toBuffer }, (error, reply) => {
    if (error) done(error, []);
    else done(...contentOf(reply as Buffer));
  });
}

/** Takes the frame if it is the reply to one of these requests, and not a refusal of the whole: that the library can read. */
export function takesReply(manager: ConnectionManager, frame: Buffer): boolean {
  const packet: Packet | undefined = manager.pendingQueue[0];
  if (packet?.request.header?.type !== multiRead) return false;
  if (frame.readInt32BE(4) !== packet.request.header.xid || frame.readInt32BE(16) !== 0) return false;
  manager.pendingQueue.shift();
  packet.callback(null, frame);
  return true;
}

/**
 * Does the server at the other end know the request? One that does not ends the session over it; so it is asked by the
 * command `srvr`, and no answer is a no.
 */
export async function knowsMultiRead(server: Socket | undefined): Promise<boolean> {
  const { remoteAddress: host, remotePort: port } = server ?? {};
  if (host === undefined || port === undefined) return false;
  const told = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect({ host, port, timeout: tellsVersionMs }, () => socket.write('srvr'));
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
  const [, major = 0, minor = 0] = (/version: (\d+)\.(\d+)/.exec(told) ?? []).map(Number);
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

function requestOf(xid: number, paths: readonly string[], chroot: string): Buffer {
  const whole = paths.map((path) => chroot + path);
  const bytes = whole.reduce((sum, path) => sum + headerBytes + 4 + Buffer.byteLength(path) + 1, 8 + headerBytes);
  const request = Buffer.alloc(4 + bytes);
  let at = request.writeInt32BE(bytes);
  at = request.writeInt32BE(xid, at);
  at = request.writeInt32BE(multiRead, at);
  const operation = (type: number, last: number) => {
    at = request.writeInt32BE(type, at);
    at = request.writeUInt8(last, at);
    at = request.writeInt32BE(-1, at);
  };
  for (const path of whole) {
    operation(getData, 0);
    const length = request.write(path, at + 4);
    at = request.writeInt32BE(length, at) + length + 1; // no watch
  }
  operation(-1, 1);
  return request;
}

function contentOf(reply: Buffer): [error: Exception | null, data: (Buffer | undefined)[]] {
  const data: (Buffer | undefined)[] = [];
  for (let at = replyHeaderBytes; reply[at + 4] === 0;) {
    const type = reply.readInt32BE(at);
    const number = reply.readInt32BE(at + headerBytes);
    at += headerBytes + 4;
    if (type === getData) {
      const length = Math.max(0, number);
      data.push(reply.subarray(at, at + length));
      at += length + statBytes;
    } else if (number === library.Exception.NO_NODE) data.push(undefined);
    else return [library.Exception.create(number), []];
  }
  return [null, data];
}
