import { listed } from '../listed.ts';
import type { FeatureStateChoice } from '../stores.ts';
import type { IndexName } from '../names.ts';

/** What Elasticsearch keeps for one of its features in indices of its own: users, dashboards, tasks. */
export interface FeatureState {
  name: string;
  indices: IndexName[];
}

/** Features whose data Elasticsearch downloads or removes by itself: an index of theirs that is not there is no loss. */
const fleeting = ['geoip', 'tasks', 'async_search'];

/** Of the feature states of a snapshot, those that the platform file wants. */
export function chosenFeatures(choice: FeatureStateChoice, held: readonly FeatureState[]): FeatureState[] {
  const names = chosenNames(
    choice,
    held.map(({ name }) => name),
  );
  return held.filter(({ name }) => names.includes(name));
}

export function chosenNames(choice: FeatureStateChoice, held: readonly string[]): string[] {
  if (choice === 'none') return [];
  return held.filter((name) => choice === 'all' || choice.includes(name));
}

/** Indices that must be there after their feature states were restored. */
export function lastingIndices(features: readonly FeatureState[]): { feature: string; index: IndexName }[] {
  return features
    .filter(({ name }) => !fleeting.includes(name))
    .flatMap(({ name, indices }) => indices.map((index) => ({ feature: name, index })));
}

/** What a point holds of Elasticsearch's own indices, in words: `feature states security, kibana; left out: .tasks`. */
export function describeFeatures({
  featureStates,
  leftOut = [],
}: {
  /** Their names. */
  featureStates?: readonly string[];
  leftOut?: readonly IndexName[];
}): string {
  if (featureStates === undefined) return 'feature states not known';
  const held = featureStates.length === 0 ? 'no feature states' : `feature states ${featureStates.join(', ')}`;
  return leftOut.length === 0 ? held : `${held}; left out as the platform file says: ${listed(leftOut)}`;
}
