import { Failure } from '../../domain/failures.ts';
import type { NewNode } from './requests.ts';

/** ZooKeeper closes the connection on a request above 1,048,575 bytes (`jute.maxbuffer`): stay well below. */
const maxBytes = 900_000;
const maxNodes = 1000;
/** What a creation costs beside its path and data: operation header, lengths, access list, flags; some to spare. */
const bytesPerNode = 64;

/** Cuts creations into transactions that ZooKeeper takes, in their order. Failure: QueueRefused (one is too large). */
export function* transactions(nodes: Iterable<NewNode>): Generator<NewNode[]> {
  let batch: NewNode[] = [];
  let bytes = 0;
  for (const node of nodes) {
    const cost = bytesPerNode + Buffer.byteLength(node.path) + Buffer.byteLength(node.data);
    if (cost > maxBytes)
      throw new Failure('QueueRefused', {
        message: `The entry ${node.path} has ${cost} bytes, more than ZooKeeper accepts in one request`,
        remedy: 'Shorten the id of the job',
      });
    if (batch.length === maxNodes || bytes + cost > maxBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(node);
    bytes += cost;
  }
  if (batch.length > 0) yield batch;
}
