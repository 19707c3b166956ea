import { failed, passed, warned, type Check } from '../../domain/checks.ts';
import type { Platform, SecretReference } from '../../domain/platform.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { observe } from '../observation.ts';

/** Every secret that the platform file refers to, by what it is for. */
export function secretsOf({ stores, catalogue, deployment }: Platform): [purpose: string, SecretReference][] {
  const ofStores = stores.flatMap((store): [string, SecretReference | string | undefined][] => {
    if (store.kind === 'container')
      return Object.entries(store.environment).map(([name, value]) => [`${store.name}.environment.${name}`, value]);
    if (store.kind !== 'elasticsearch') return [];
    const named = Object.entries(store.secrets).map(([name, value]): [string, SecretReference] => [
      `${store.name}.${name}`,
      value,
    ]);
    return [...named, [`${store.name}.password`, store.password]];
  });
  const ofCatalogue: [string, SecretReference][] =
    catalogue.kind === 's3'
      ? [
          ['catalogue.accessKey', catalogue.accessKey],
          ['catalogue.secretKey', catalogue.secretKey],
        ]
      : [];
  const ofSwarm = deployment.kind === 'swarm' ? Object.entries(deployment.secrets) : [];
  const ofDeployment = ofSwarm.map(([name, value]): [string, SecretReference] => [`deployment.secrets.${name}`, value]);
  return [...ofStores, ...ofCatalogue, ...ofDeployment].filter(
    (entry): entry is [string, SecretReference] => typeof entry[1] === 'object',
  );
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
