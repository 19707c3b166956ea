import type { Client } from '@elastic/elasticsearch';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import { Failure } from '../../domain/failures.ts';
import type { ElasticsearchStore, IndexName } from '../../domain/platform.ts';
import { matchesOf, resolveIndices } from '../../systems/elasticsearch/indices.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { chooseReadable } from '../recovery-points/choose-readable.ts';
import { readExpectedSetOf } from '../recovery-points/read-point.ts';
import { checkPatterns } from '../validate/patterns.ts';

/**
 * Makes sure that each pattern of the platform file matches an index: a backup of nothing would pass for one of everything.
 * One that matches what the newest good recovery point holds is right, and its data is gone: the new point becomes
 * suspect.
 * Failure: PreflightRefused.
 */
export async function demandIndices(
  open: Pick<OpenPlatform, 'catalogue' | 'platform'>,
  store: ElasticsearchStore,
  client: Client,
): Promise<void> {
  const matches = await matchesOf(client, store.indices);
  if (matches.every(({ indices }) => indices.length > 0)) return;
  const seen = { present: await resolveIndices(client, ['*']), held: await heldBefore(open, store) };
  const check = checkPatterns(store, matches, seen);
  if (check.verdict !== 'pass')
    throw new ChecksFailed(
      'The platform file names indices that are not there, so no backup was taken',
      [check],
      'PreflightRefused',
    );
}

/** The indices that the newest good recovery point which can be read holds of the store. */
async function heldBefore(
  open: Pick<OpenPlatform, 'catalogue' | 'platform'>,
  { name }: ElasticsearchStore,
): Promise<IndexName[]> {
  try {
    const { read } = await chooseReadable(open, { latest: true }, async ({ stores }) => {
      const artefact = stores.find(({ store }) => store === name);
      return artefact ? (await readExpectedSetOf(open, artefact)).indices : [];
    });
    return read.map((index) => index.name);
  } catch (error) {
    if (error instanceof Failure && ['RecoveryPointNotFound', 'CatalogueRefused'].includes(error.kind)) return [];
    throw error;
  }
}
