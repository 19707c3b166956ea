import { Failure } from '../../../domain/failures.ts';
import type { Client } from '../client.ts';
import { attempt } from '../errors.ts';

/** One document as it was read. */
export interface DocumentVersion {
  index: string;
  id: string;
  if_seq_no: number;
  if_primary_term: number;
}

const batchSize = 1000;

/**
 * Writes `fields` into each of the documents that is still as it was read; `changed` counts those that are not, or are
 * gone. Failure: Internal when Elasticsearch refuses one for another reason, naming it.
 */
export async function updateDocuments(
  client: Client,
  documents: readonly DocumentVersion[],
  fields: Record<string, unknown>,
): Promise<{ updated: number; changed: number }> {
  let changed = 0;
  for (const { index, batch } of batchesOf(documents)) {
    const operations = batch.flatMap(({ id, if_seq_no, if_primary_term }) => [
      { update: { _id: id, if_seq_no, if_primary_term } },
      { doc: fields },
    ]);
    const { items } = await attempt('update documents', () => client.bulk({ index, operations, refresh: true }));
    for (const { update } of items) {
      if (update?.error === undefined) continue;
      if (update.status !== 409 && update.status !== 404) throw refused(update._id ?? '?', update.error.reason ?? '');
      changed += 1;
    }
  }
  return { updated: documents.length - changed, changed };
}

/** Of one index each: some clusters accept an index in the request's path only. */
function batchesOf(documents: readonly DocumentVersion[]): { index: string; batch: DocumentVersion[] }[] {
  return [...new Set(documents.map(({ index }) => index))].flatMap((index) => {
    const some = documents.filter((document) => document.index === index);
    return Array.from({ length: Math.ceil(some.length / batchSize) }, (_, part) => ({
      index,
      batch: some.slice(part * batchSize, (part + 1) * batchSize),
    }));
  });
}

function refused(id: string, reason: string): Failure {
  return new Failure('Internal', {
    message: `Elasticsearch refuses to change the document ${id}: ${reason.split('\n', 1)[0] ?? ''}`,
    remedy: 'Fix what it names: a mapping, a block of the index, or the fields in the platform file, then retry',
  });
}
