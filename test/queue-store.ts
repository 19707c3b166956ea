import type { z } from 'zod';
import { zookeeperQueue } from '../config/platform-schema/queue.ts';
import type { ZookeeperQueueStore } from '../domain/platform.ts';

/** The queue `jobs` of the index nuvla-job, with the platform file's defaults but for what is given. */
export function queueStore(given: Partial<z.input<typeof zookeeperQueue>> = {}): ZookeeperQueueStore {
  return zookeeperQueue.parse({
    name: 'jobs',
    kind: 'zookeeper-queue',
    service: 'zookeeper',
    from: { store: 'documents', index: 'nuvla-job' },
    ...given,
  });
}
