import { readQueueJobs } from '../operations/queue/read-jobs.ts';
import { zookeeperQueue } from '../config/platform-schema/queue.ts';
import { overallVerdict } from '../domain/checks.ts';
import type { Platform } from '../domain/platform.ts';
import { connectElasticsearch } from '../systems/elasticsearch/client.ts';
import { rebuildQueue } from '../systems/zookeeper/rebuild-queue.ts';
import { connectZookeeper } from '../systems/zookeeper/session.ts';
import { verifyQueue } from '../systems/zookeeper/verify-queue.ts';

/** What one rebuild and its verification took, in a process of its own. */
export interface RebuildFigures {
  jobs: number;
  readSeconds: number;
  writeSeconds: number;
  verifySeconds: number;
  /** The most that was resident until the queue was written, and until it was verified, in 10⁶ bytes. */
  megabytesWritten: number;
  megabytesVerified: number;
}

/** A program of its own (node queue-rebuild.js <host of Elasticsearch> <ZooKeeper> <path>), so that its memory is its own. */
async function main([host = '', hosts = '', path = '']: string[]): Promise<RebuildFigures> {
  const store = zookeeperQueue.parse({
    name: 'jobs',
    kind: 'zookeeper-queue',
    service: 'zookeeper',
    path,
    from: { store: 'documents', index: 'nuvla-job' },
  });
  const source = { name: 'documents', kind: 'elasticsearch' };
  const open = {
    platform: { stores: [source] } as unknown as Platform,
    elasticsearch: () => Promise.resolve(connectElasticsearch({ scheme: 'http', host, port: 9200 })),
  };
  const session = await connectZookeeper({ hosts, timeoutSeconds: 30 });
  const began = performance.now();
  const { jobs, read } = await rebuild();
  const wrote = performance.now();
  const megabytesWritten = mostResident();
  await verify();
  const verified = performance.now();
  await session.close();
  return {
    jobs,
    readSeconds: (read - began) / 1000,
    writeSeconds: (wrote - read) / 1000,
    verifySeconds: (verified - wrote) / 1000,
    megabytesWritten,
    megabytesVerified: mostResident(),
  };

  async function rebuild(): Promise<{ jobs: number; read: number }> {
    const { jobs } = await readQueueJobs(open, store, {});
    const read = performance.now();
    const { written } = await rebuildQueue(session, { ...store, jobs });
    if (written !== jobs.size) throw new Error(`${written} entries were written for ${jobs.size} jobs`);
    return { jobs: jobs.size, read };
  }

  /** The step of its own that it is: it reads the documents again. */
  async function verify(): Promise<void> {
    const { jobs } = await readQueueJobs(open, store, {});
    const verdict = overallVerdict(await verifyQueue(session, { ...store, jobs }));
    if (verdict !== 'pass') throw new Error('The queue is not that of the jobs');
  }
}

/** The kernel counts in KiB. */
const mostResident = (): number => (process.resourceUsage().maxRSS * 1024) / 1e6;

console.log(JSON.stringify(await main(process.argv.slice(2))));
process.stdout.write('', () => process.exit());
