import { failed, passed, type Check } from '../../domain/checks.ts';
import { inconclusive } from '../observation.ts';
import type { StoreSeen } from './observe-store.ts';

/** Whether every node has the repository's type; undefined: only a scratch Elasticsearch could tell, none was wanted. */
export function checkRepositoryType({ store, elasticsearch }: StoreSeen): Check | undefined {
  const { type } = store.repository;
  const name = `repository type ${store.name}`;
  if ('unseen' in elasticsearch) return undefined;
  const open = (why: string) => inconclusive(name, `Not known: ${why}`, `See the check "repository ${store.name}"`);
  if ('failure' in elasticsearch) return open(elasticsearch.failure.message);
  const { lackingType, snapshot, identity, from } = elasticsearch.seen;
  if (!('seen' in lackingType))
    return open('failure' in lackingType ? lackingType.failure.message : lackingType.unseen);
  if (lackingType.seen.length > 0)
    return failed(
      name,
      `No repository type "${type}" on ${lackingType.seen.join(', ')}`,
      'Install its module or plugin on every node',
    );
  if ('failure' in snapshot && snapshot.failure.kind === 'RepositoryTypeMissing')
    return failed(name, snapshot.failure.message, snapshot.failure.remedy);
  // Types are not listed anywhere: what is neither read from nor a well-known module or part of every server is not known.
  const known = 'seen' in snapshot || ['s3', 'gcs', 'azure', 'hdfs', 'fs', 'url'].includes(type);
  if (!known) return open(`No snapshot could be read from a repository of type "${type}"`);
  const nodes = from === 'living' ? `${identity.nodes.length} nodes` : 'a scratch Elasticsearch of its image';
  return passed(name, `"${type}" on ${nodes}`);
}
