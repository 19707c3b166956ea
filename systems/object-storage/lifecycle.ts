import {
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule as S3Rule,
  type Transition,
} from '@aws-sdk/client-s3';
import type { LifecycleRule } from '../../domain/recovery-points/lifecycle-rules.ts';
import { s3Failure } from './object-storage-failures.ts';
import { s3Client, type S3Place } from './s3-client.ts';

/** S3's own words and those of servers that don't know these rules. */
const noRules = ['NoSuchLifecycleConfiguration', 'NoSuchLifecycleConfigurationError'];
const silent = ['NotImplemented', 'MethodNotAllowed', 'AccessDenied', 'Forbidden', 'UnauthorizedAccess'];
const silentStatuses = [403, 405, 501];

/**
 * The bucket's lifecycle rules; undefined when the server does not know such rules or does not tell these credentials.
 * Failures: ObjectStorageUnreachable, BucketMissing, WrongCredentials.
 */
export async function readLifecycle(place: S3Place): Promise<LifecycleRule[] | undefined> {
  const client = s3Client(place);
  try {
    const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: place.bucket }));
    return Rules.map(ruleOf);
  } catch (error) {
    const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    if (noRules.includes(name)) return [];
    if (silent.includes(name) || silentStatuses.includes($metadata?.httpStatusCode ?? 0)) return undefined;
    throw await s3Failure(error, { doing: 'Reading the lifecycle rules', where: `s3://${place.bucket}`, place });
  } finally {
    client.destroy();
  }
}

function ruleOf(rule: S3Rule, index: number): LifecycleRule {
  const { ID, Status, Filter, Expiration, Transitions = [] } = rule;
  const expires = Expiration && when(Expiration);
  return {
    id: ID ?? `number ${index + 1}`,
    enabled: Status === 'Enabled',
    prefix: Filter?.And?.Prefix ?? Filter?.Prefix ?? prefixOfOldRules(rule) ?? '',
    tagged: Filter?.Tag !== undefined || (Filter?.And?.Tags ?? []).length > 0,
    // Without a time it only tidies up the markers of objects that were deleted.
    ...(expires !== undefined && { expires }),
    movesTo: Transitions.flatMap((move) => {
      const at = when(move);
      return move.StorageClass === undefined || at === undefined ? [] : [{ storageClass: move.StorageClass, when: at }];
    }),
  };
}

/** Where rules had their prefix before they had filters; servers still tell it so. */
function prefixOfOldRules(rule: S3Rule): string | undefined {
  return (rule as { Prefix?: string }).Prefix;
}

function when({ Days, Date: date }: Pick<Transition, 'Days' | 'Date'>): string | undefined {
  if (Days !== undefined) return `after ${Days} ${Days === 1 ? 'day' : 'days'}`;
  return date && `on ${date.toISOString().slice(0, 10)}`;
}
