import type { Client } from '@elastic/elasticsearch';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../domain/failures.ts';
import type { ElasticsearchStore } from '../../domain/platform.ts';
import type { Patience } from '../../systems/elasticsearch/admission.ts';
import type { Watch } from '../../domain/watch.ts';
import { StandingStill } from '../../systems/docker/standing-still.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { giveUpOnStopped } from './stopped-for-good.ts';

/**
 * Elasticsearch of a store, once its container listens. Progress in seconds waited. Failures: ServiceUnhealthy when it does
 * not in time; ServiceStopped when it has not run for a minute; ServiceNotFound.
 */
export async function awaitListening(
  open: OpenPlatform,
  store: ElasticsearchStore,
  { timeoutSeconds, since }: Required<Patience>,
  watch: Required<Watch>,
): Promise<Client> {
  const giveUp = giveUpOnStopped();
  for (;;) {
    try {
      return await open.elasticsearch(store);
    } catch (error) {
      giveUp(error);
      const done = Math.round((performance.now() - since) / 1000);
      const starting = error instanceof Failure && error.kind === 'ServiceUnhealthy' && done < timeoutSeconds;
      if (!starting) throw error;
      watch.onProgress({ done, total: timeoutSeconds, unit: 'seconds', note: noteOf(error, store) });
      await sleep(300, undefined, { signal: watch.signal });
    }
  }
}

/** While it is waited for, it is shown what would help. */
function noteOf(error: Failure, { service }: ElasticsearchStore): string {
  return error instanceof StandingStill ? `${error.message}. ${error.remedy}` : `${service} does not listen yet`;
}
