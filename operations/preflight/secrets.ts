import { failed, passed, warned, type Check } from '../../domain/checks.ts';
import { secretsOfAuth, secretsOfAws } from '../../domain/authentication.ts';
import type { CatalogueLocation, Platform, SecretReference } from '../../domain/platform.ts';
import { isStreamed } from '../../domain/store-kinds.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { observe } from '../observation.ts';

/** Every secret that the platform file refers to, by what it is for. */
export function secretsOf({ stores, catalogue, deployment }: Platform): [purpose: string, SecretReference][] {
  const ofStores = stores.flatMap((store): [string, SecretReference | string | undefined][] => {
    if (store.kind === 'container' || store.kind === 'command')
      return Object.entries(store.environment).map(([name, value]) => [`${store.name}.environment.${name}`, value]);
    if (isStreamed(store)) return 'password' in store ? [[`${store.name}.password`, store.password]] : [];
    if (store.kind !== 'elasticsearch') return [];
    const named = Object.entries(store.secrets).map(([name, value]): [string, SecretReference] => [
      `${store.name}.${name}`,
      value,
    ]);
    const { auth, tls, bucketAccess } = store;
    const more = {
      ...(auth && prefixed('auth', secretsOfAuth(auth))),
      'tls.key': tls?.key,
      'tls.passphrase': tls?.passphrase,
      ...(bucketAccess && prefixed('bucketAccess', secretsOfAws(bucketAccess.credentials))),
    };
    return [
      ...named,
      [`${store.name}.password`, store.password],
      ...Object.entries(more).map(([key, reference]): [string, SecretReference | undefined] => [
        `${store.name}.${key}`,
        reference,
      ]),
    ];
  });
  const ofCatalogue = catalogue.kind === 's3' ? Object.entries(prefixed('catalogue', catalogueKeys(catalogue))) : [];
  const ofSwarm = deployment.kind === 'swarm' ? Object.entries(deployment.secrets) : [];
  const ofDeployment = ofSwarm.map(([name, value]): [string, SecretReference] => [`deployment.secrets.${name}`, value]);
  return [...ofStores, ...ofCatalogue, ...ofDeployment].filter(
    (entry): entry is [string, SecretReference] => typeof entry[1] === 'object',
  );
}

function prefixed(place: string, secrets: Record<string, SecretReference | undefined>) {
  return Object.fromEntries(Object.entries(secrets).map(([key, reference]) => [`${place}.${key}`, reference]));
}

function catalogueKeys({
  accessKey,
  secretKey,
  sessionToken,
  credentials,
}: Extract<CatalogueLocation, { kind: 's3' }>) {
  return credentials ? secretsOfAws(credentials) : { accessKey, secretKey, sessionToken };
}

/** All that is missing at once: on a new machine each of them must be given by hand. */
export async function checkSecrets(
  open: Pick<OpenPlatform, 'platform' | 'secret' | 'identity' | 'exposedKeys'>,
): Promise<Check> {
  const wanted = secretsOf(open.platform);
  const observed = await Promise.all([
    observe(() => open.identity()),
    ...wanted.map(([purpose, reference]) => observe(() => open.secret(reference, purpose))),
  ]);
  const faults = observed.flatMap((secret) => ('failure' in secret ? [secret.failure] : []));
  if (faults.length > 0)
    return failed(
      'secrets',
      `${faults.length} of ${observed.length} are missing: ${faults.map(({ message }) => message).join('; ')}`,
      [...new Set(faults.map(({ remedy }) => remedy))].join('; '),
    );
  const readable = `The capture's key and ${wanted.length} secrets of the platform file can be read`;
  const exposed = await open.exposedKeys();
  if (exposed.length === 0) return passed('secrets', readable);
  const texts = (of: 'what' | 'remedy') => exposed.map((key) => key[of]).join('; ');
  return warned('secrets', `${readable}; ${texts('what')}`, texts('remedy'));
}
