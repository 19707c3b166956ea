import type { ObservedContainer } from '../../domain/deployment.ts';
import type { ElasticsearchStore } from '../../domain/platform.ts';
import type { RestoreSituation } from '../../domain/plans/plan-restore.ts';
import { containersToRemove } from '../../domain/plans/restore-steps/clear.ts';
import { captureSourceOf } from '../../domain/plans/restore-steps/situation.ts';
import { userRealm } from '../../systems/elasticsearch/features.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { readCaptureOf } from '../restore/find-capture.ts';
import { configuredNow } from '../stores/configured-now.ts';
import { withElasticsearch } from '../stores/with-elasticsearch.ts';
import { observe } from '../observation.ts';

/** What an empty node will make of the platform file's user. */
export interface UserSeen {
  /** The realm that knows it now; `off`: security is off; absent: Elasticsearch does not answer. */
  realm?: string;
  /** The password that an empty node gives to `elastic`: as in the platform file, another one, a file's, or not known. */
  elastic: 'same' | 'different' | 'file' | 'unknown' | 'random';
  /** Whether the container itself will go on, with its configuration. */
  containerStays: boolean;
}

/** undefined: the platform file names no user. Failures: those of reading the capture and the password. */
export async function observeUser(
  open: OpenPlatform,
  store: ElasticsearchStore,
  situation: RestoreSituation,
): Promise<UserSeen | undefined> {
  if (store.username === undefined) return undefined;
  const present = situation.observed.containers.find(({ service }) => service === store.service);
  const containerStays =
    present !== undefined && !containersToRemove(situation, store.service).some(({ name }) => name === present.name);
  const asked = await observe(() => withElasticsearch(open, store, userRealm));
  const realm = 'seen' in asked ? (asked.seen ?? 'off') : undefined;
  const password = store.password && (await open.secret(store.password, `${store.name}.password`));
  const running = containerStays && present.running ? present.name : undefined;
  return {
    ...(realm !== undefined && { realm }),
    containerStays,
    elastic: await elasticPassword(open, store, situation, {
      password: password ?? '',
      running,
      stays: containerStays ? present : undefined,
    }),
  };
}

async function elasticPassword(
  open: OpenPlatform,
  store: ElasticsearchStore,
  situation: RestoreSituation,
  { password, running, stays }: { password: string; running?: string; stays?: ObservedContainer },
): Promise<UserSeen['elastic']> {
  if (store.username !== 'elastic') return 'unknown';
  // A container that stays may have been given a password since the backup.
  const now = stays && (await configuredNow(open, [stays])).containers[0];
  const container = now ?? (await capturedServer(open, store, situation));
  const environment = container?.create['Env'] as string[] | undefined;
  const value = (name: string) => environment?.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
  const initial = value('ELASTIC_PASSWORD');
  if (initial !== undefined) return initial === password ? 'same' : 'different';
  if (value('ELASTIC_PASSWORD_FILE') !== undefined) return 'file';
  // The keystore is the container's own: a new container has a new one.
  if (stays === undefined) return 'random';
  if (running === undefined) return 'unknown';
  const shown = await open.docker.exec(running, ['bin/elasticsearch-keystore', 'show', 'bootstrap.password'], {});
  if (shown.exitCode === 0) return shown.stdout.trim() === password ? 'same' : 'different';
  return /does not exist|not found/i.test(shown.stderr) ? 'random' : 'unknown';
}

async function capturedServer(open: OpenPlatform, store: ElasticsearchStore, situation: RestoreSituation) {
  const { containers } = await readCaptureOf(open, captureSourceOf(situation));
  return containers.find(({ service }) => service === store.service);
}
