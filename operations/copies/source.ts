import { failed, overallVerdict, passed } from '../../domain/checks.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import { listed } from '../../domain/listed.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import {
  ensureRepository,
  readRepository,
  removeRepository,
  withRestoreLimit,
} from '../../systems/elasticsearch/repository/repository.ts';
import { forgetRestore } from '../../systems/elasticsearch/restore/restore-marker.ts';
import { readSnapshot } from '../../systems/elasticsearch/snapshots/snapshots.ts';
import { basedAsPoint } from '../repository/bases.ts';
import { readExpectedSet } from '../recovery-points/read-point.ts';
import { storeNamed } from '../stores/store-named.ts';
import { withElasticsearchNamed } from '../stores/with-elasticsearch.ts';
import type { BothSides } from './assess-copy.ts';

// The source of a copy as the destination sees it: a repository that it may only read.

/** Failures: those of registering; RepositoryRefused where the destination has no keys for it. */
export function registerSource(
  { source, destination }: BothSides,
  call: StepCall<'registerSource'>,
): Promise<StepOutcome> {
  const { store: name, fromStore, recoveryPoint, repository } = call.arguments;
  return withElasticsearchNamed(destination, name, async (client, store) => {
    const manifest = await source.catalogue.readManifest(recoveryPoint);
    const { repository: theirs } = storeNamed(basedAsPoint(source, manifest).platform, 'elasticsearch', fromStore);
    // An older base of the platform's own may not be registered in a cluster that was restored since.
    if (isOwn({ source, destination }) && (await readRepository(client, repository)) !== undefined)
      return { summary: `${repository} is the platform's own repository` };
    const wanted = withRestoreLimit({ ...theirs, name: repository }, store.restoreThrottle);
    const { nodes } = await ensureRepository(client, wanted, { readonly: true, by: call.run });
    return { summary: `${repository} is read-only, verified on ${nodes.length} nodes` };
  });
}

export function verifySource({ source, destination }: BothSides, call: StepCall<'verifySource'>): Promise<StepOutcome> {
  const { store: name, fromStore, recoveryPoint, repository, snapshot } = call.arguments;
  return withElasticsearchNamed(destination, name, async (client) => {
    const expected = await readExpectedSet(source, recoveryPoint, fromStore);
    const found = await readSnapshot(client, repository, snapshot);
    const lacks = expected.indices.filter((index) => !found.indices.includes(index.name)).map((index) => index.name);
    const where = `${snapshot} in ${repository}`;
    const check =
      found.state !== 'SUCCESS'
        ? failed('snapshot', `${where} is ${found.state}`, 'Choose another recovery point')
        : lacks.length > 0
          ? failed('snapshot', `${where} lacks ${listed(lacks)}`, 'Choose another recovery point')
          : passed('snapshot', `${where}: SUCCESS, ${found.indices.length} indices`);
    if (overallVerdict([check]) !== 'pass')
      throw new ChecksFailed('The snapshot does not match the recovery point', [check]);
    return { summary: check.evidence, checks: [check] };
  });
}

export function forgetSource({ source, destination }: BothSides, call: StepCall<'forgetSource'>): Promise<StepOutcome> {
  const { store, repository } = call.arguments;
  return withElasticsearchNamed(destination, store, async (client) => {
    // Which indices came from there is remembered until then, so that all of them can be undone.
    await forgetRestore(client);
    if (isOwn({ source, destination })) return { summary: `${repository} is the platform's own repository, and stays` };
    await removeRepository(client, repository);
    return { summary: `${repository} is forgotten` };
  });
}

const isOwn = ({ source, destination }: BothSides) => source.platform.platform === destination.platform.platform;
