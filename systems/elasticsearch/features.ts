import { Failure } from '../../domain/failures.ts';
import type { FeatureStateChoice } from '../../domain/platform.ts';
import type { Client } from './client.ts';
import { attempt, isStatus } from './errors.ts';

/** The features that every node of the cluster has, whether or not they hold anything. */
export async function installedFeatures(client: Client): Promise<string[]> {
  const { features } = await attempt('list the features', () => client.features.getFeatures());
  return features.map(({ name }) => name).toSorted();
}

/** Failure: InvalidArgument, when the platform file names a feature that this Elasticsearch does not have. */
export async function assertInstalled(client: Client, choice: FeatureStateChoice, store: string): Promise<void> {
  if (typeof choice === 'string') return;
  const installed = await installedFeatures(client);
  const unknown = choice.filter((name) => !installed.includes(name));
  if (unknown.length === 0) return;
  throw new Failure('InvalidArgument', {
    message: `featureStates of the store "${store}" names ${unknown.map((name) => `"${name}"`).join(', ')}, which this Elasticsearch does not have`,
    remedy: `Name some of ${installed.join(', ')}; or "all", or "none"`,
  });
}

/**
 * The kind of realm that knows the client's user: `native`, `file`, `reserved` (Elasticsearch's own users, such as
 * elastic), `_anonymous`…; undefined: security is off.
 */
export async function userRealm(client: Client): Promise<string | undefined> {
  return attempt('ask who the user is', async () => {
    try {
      const { authentication_realm: realm } = await client.security.authenticate();
      return realm.type;
    } catch (error) {
      // Without security there is no such request.
      if (isStatus(error, 400, 404, 405, 500)) return undefined;
      throw error;
    }
  });
}
