import { queueRules, type Placed } from '../../domain/queue/rules.ts';
import { JobTable } from '../../domain/queue/job-table.ts';
import type { ZookeeperQueueStore } from '../../domain/platform.ts';
import { readDocuments, type ReadDocument } from '../../systems/elasticsearch/documents/read-documents.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withElasticsearchNamed } from '../stores/with-elasticsearch.ts';

/** What the database says of a queue. */
export interface QueueJobs {
  /** All that must stand in the queue, in the order of their creation. */
  jobs: JobTable;
  /** How many documents are in each state, and how many each rule leaves out. */
  states: Record<string, number>;
  leftOut: Record<string, number>;
  /** Documents whose entry would be that of another one: left out, since nothing may stand in the queue twice. */
  repeated: string[];
}

/** What it takes to read a queue's source. */
type SourceAccess = Pick<OpenPlatform, 'platform' | 'elasticsearch'>;

/** Reads all documents of the queue's source and places them. Failures: QueueRefused and those of Elasticsearch. */
export async function readQueueJobs(open: SourceAccess, store: ZookeeperQueueStore, watch: Watch): Promise<QueueJobs> {
  const read: QueueJobs = { jobs: new JobTable(), states: {}, leftOut: {}, repeated: [] };
  const { order } = queueRules(store);
  await placeDocuments(open, store, watch, ({ id, source }, placed) => {
    read.states[placed.state] = (read.states[placed.state] ?? 0) + 1;
    if ('leftOutBy' in placed) read.leftOut[placed.leftOutBy] = (read.leftOut[placed.leftOutBy] ?? 0) + 1;
    else if (!read.jobs.add(placed, order(source))) read.repeated.push(id);
  });
  read.jobs.sort();
  return read;
}

/** Hands each document of the queue's source to `take`, in no order, with its place. */
export async function placeDocuments(
  open: SourceAccess,
  store: ZookeeperQueueStore,
  watch: Watch,
  take: (document: ReadDocument, placed: Placed) => void,
  { versions = false }: { versions?: boolean } = {},
): Promise<void> {
  const { index, state } = store.from;
  const { fields, place } = queueRules(store);
  const having = { field: state.field, values: [...state.waiting, ...state.running] };
  await withElasticsearchNamed(open, store.from.store, async (client) => {
    for await (const batch of readDocuments(client, { index, having, fields, versions }, watch))
      for (const document of batch) take(document, place(document.id, document.source));
  });
}
