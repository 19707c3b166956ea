import { failed, passed, type Check } from '../../domain/checks.ts';
import { chosenFeatures, describeFeatures } from '../../domain/recovery-points/features.ts';
import type { StoreSeen } from './observe-store.ts';

/**
 * What comes back of Elasticsearch's own indices, and what stays out; that Elasticsearch has each of these features.
 * undefined: the recovery point does not tell.
 */
export function checkFeatureStates({ store, expected, elasticsearch }: StoreSeen): Check | undefined {
  const { featureStates: held, leftOut } = expected;
  if (held === undefined) return undefined;
  const name = `feature states ${store.name}`;
  const chosen = chosenFeatures(store.featureStates, held).map((feature) => feature.name);
  const features = 'seen' in elasticsearch ? elasticsearch.seen.features : undefined;
  const missing = features && 'seen' in features ? chosen.filter((feature) => !features.seen.includes(feature)) : [];
  if (missing.length > 0)
    return failed(
      name,
      `${expected.snapshot} holds the feature states ${missing.join(', ')}, and Elasticsearch does not have these features`,
      `Install their modules or plugins on every node, or leave them out: name the others in featureStates of the store "${store.name}"`,
    );
  const kept = held.filter((feature) => !chosen.includes(feature.name)).map((feature) => feature.name);
  return passed(
    name,
    [
      chosen.length === 0 ? 'None is restored' : `Restored: ${chosen.join(', ')}`,
      ...(kept.length > 0 ? [`not restored, as the platform file says: ${kept.join(', ')}`] : []),
      `the snapshot has ${describeFeatures({ featureStates: held.map((feature) => feature.name), leftOut })}`,
    ].join('; '),
  );
}
