import type { Client } from '@elastic/elasticsearch';
import { Failure } from '../../domain/failures.ts';
import { servicesOf, type ElasticsearchStore } from '../../domain/platform.ts';
import type { CaptureSource } from '../../domain/plans/step-arguments.ts';
import { scratchBody } from '../../systems/docker/side-containers/scratch-container.ts';
import { connectElasticsearch } from '../../systems/elasticsearch/client.ts';
import { awaitUsable } from '../../systems/elasticsearch/health.ts';
import { giveSecrets, reloadSecureSettings } from '../../systems/elasticsearch/keystore.ts';
import { ensureRepository } from '../../systems/elasticsearch/repository/repository.ts';
import { scratchSettings } from '../../systems/elasticsearch/scratch-settings.ts';
import { withDeadline } from '../../systems/deadline.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readCaptureOf } from '../restore/find-capture.ts';

/** Seconds to read the repository, on top of what the platform file gives a service to become healthy. */
const readSeconds = 180;

/** Gives the node the store's secrets and registers the repository, read-only; done once. */
type Register = () => Promise<void>;

/**
 * Runs `work` on an Elasticsearch of the platform's image, alone on a network of its own, with no volume of the platform.
 * It is removed whatever happens. Failures: ServiceUnhealthy when it does not start or the work takes too long;
 * ServiceNotFound when the capture does not hold the service; ImageMissing; MissingSecret.
 */
export async function onScratchElasticsearch<T>(
  open: OpenPlatform,
  store: ElasticsearchStore,
  { capture, ...watch }: { capture: CaptureSource } & Watch,
  work: (client: Client, register: Register) => Promise<T>,
): Promise<T> {
  const { healthTimeoutSeconds } = open.platform.deployment;
  const limitSeconds = healthTimeoutSeconds + readSeconds;
  const captured = (await readCaptureOf(open, capture)).containers.find(({ service }) =>
    servicesOf(store).includes(service),
  );
  if (captured === undefined) throw notCaptured(store);
  const secrets = await open.storeSecrets(store);
  const [present] = await open.containersOf(store.service);
  const body = scratchBody(captured.create);
  const note = `${store.service} does not answer: a scratch Elasticsearch of its image reads the repository`;
  watch.onProgress?.({ done: 0, total: limitSeconds, unit: 'seconds', note });
  const name = await open.docker.startScratch(
    {
      platform: open.platform.platform,
      body: { ...body, ...scratchSettings(body, store.port) },
      image: captured.image,
      like: present?.name,
      limitSeconds,
    },
    watch,
  );
  try {
    return await withinSeconds(limitSeconds, name, watch.signal, async (signal) => {
      const limits = { port: store.port, timeoutSeconds: healthTimeoutSeconds };
      const { host, port } = await open.docker.awaitScratch(name, limits, { ...watch, signal });
      const client = connectElasticsearch({ scheme: 'http', host, port });
      try {
        await awaitUsable(client, limits, { ...watch, signal });
        let registered: Promise<void> | undefined;
        const register = async () => {
          await giveSecrets((command, stdin) => open.docker.exec(name, command, { stdin, signal }), secrets);
          await reloadSecureSettings(client);
          await ensureRepository(client, store.repository, { readonly: true });
        };
        return await work(client, () => (registered ??= register()));
      } finally {
        await client.close();
      }
    });
  } finally {
    await open.docker.removeScratch(name);
  }
}

/** What still runs when time is up, or the work is cancelled, ends with the container. */
async function withinSeconds<T>(
  seconds: number,
  name: string,
  cancelled: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  try {
    return await withDeadline(seconds * 1000, cancelled, (signal) => {
      const aborted = new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
      const working = work(signal);
      working.catch(() => undefined);
      return Promise.race([working, aborted]);
    });
  } catch (error) {
    cancelled?.throwIfAborted();
    if (performance.now() - started < seconds * 1000) throw error;
    throw new Failure('ServiceUnhealthy', {
      message: `The scratch Elasticsearch ${name} could not read the repository within ${seconds} s`,
      remedy:
        'Check the load of the machine and of the object storage, then try again, with a larger healthTimeoutSeconds if needed',
    });
  }
}

function notCaptured({ service }: ElasticsearchStore): Failure {
  return new Failure('ServiceNotFound', {
    message: `Elasticsearch does not answer, and the capture holds no container of "${service}" to start a scratch one from`,
    remedy: 'Start Elasticsearch, or choose a recovery point whose capture holds it',
  });
}
