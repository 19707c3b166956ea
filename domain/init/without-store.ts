import type { ServerAnswer } from './seen.ts';
import type { DataKind } from './signatures.ts';

/**
 * Why a server is no store of its own: it follows another one, holds what may go at any time, or cannot be backed up. Undefined: it needs one, or did
 * not say, and a backup too many is better than one too few.
 */
export function withoutStore(kind: DataKind, answer: ServerAnswer | undefined): string | undefined {
  if (answer?.kind !== 'answered') return undefined;
  const { facts } = answer;
  if (facts['role'] === 'replica') return 'is a replica: it takes its data from its primary, so it is no store';
  if (kind !== 'redis') return undefined;
  if (facts['cluster'] === 'yes')
    return 'is a node of a Redis Cluster, which Rekindle cannot back up (docs/redis.md): keep its data by other means';
  if (facts['save'] === '' && facts['appendonly'] === 'no')
    return 'writes nothing to a disk (no save, no append-only file): a cache, empty after each restart, so it is no store';
  const policy = facts['maxmemory-policy'] ?? '';
  if (policy.startsWith('allkeys-') && Number(facts['maxmemory'] ?? 0) > 0)
    return `may drop any key when memory is short (maxmemory-policy ${policy}): a cache, so it is no store`;
  return undefined;
}
