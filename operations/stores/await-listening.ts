import type { Client } from '@elastic/elasticsearch';
import { Failure } from '../../domain/failures.ts';
import type { ElasticsearchStore } from '../../domain/platform.ts';
import type { Watch } from '../../domain/watch.ts';
import { StandingStill } from '../../systems/docker/standing-still.ts';
import type { Patience } from '../../systems/elasticsearch/admission.ts';
import { pause, pollMilliseconds } from '../../systems/pause.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { giveUpOnStopped } from './stopped-for-good.ts';
import { withElasticsearch } from './with-elasticsearch.ts';

/**
 * Waits until the container of a store listens, then runs `work` on its Elasticsearch. Progress: seconds waited.
 * Failures: ServiceUnhealthy when it does not listen in time; ServiceStopped when it has not run for a minute;
 * ServiceNotFound.
 */
export function onceListening<T>(
  open: OpenPlatform,
  store: ElasticsearchStore,
  patience: Required<Patience>,
  watch: Watch,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return withElasticsearch({ elasticsearch: () => awaitListening(open, store, patience, watch) }, store, work);
}

/** Elasticsearch of a store once its container listens; to be closed. */
export async function awaitListening(
  open: OpenPlatform,
  store: ElasticsearchStore,
  { timeoutSeconds, since }: Required<Patience>,
  watch: Watch,
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
      const note = noteOf(error, store);
      watch.onProgress?.({ done, total: timeoutSeconds, unit: 'seconds', note });
      await pause(pollMilliseconds, watch.signal);
    }
  }
}

/** While waiting, the note shows what would help. */
function noteOf(error: Failure, { service }: ElasticsearchStore): string {
  return error instanceof StandingStill ? `${error.message}. ${error.remedy}` : `${service} does not listen yet`;
}
