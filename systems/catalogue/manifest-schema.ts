import { z } from 'zod';
import type { RecoveryPointManifest } from '../../domain/recovery-points/recovery-point.ts';

const count = z.int().nonnegative();
const object = z.object({ key: z.string(), sha256: z.string(), bytes: count });

/** The shape that a manifest must have to be used; what a later version adds is let through. */
export const manifestSchema: z.ZodType<RecoveryPointManifest> = z.looseObject({
  version: z.literal(1),
  id: z.string(),
  platform: z.string(),
  run: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  platformFileHash: z.string(),
  takenOn: z.looseObject({ engine: z.string(), project: z.string() }).optional(),
  stores: z.array(
    z.looseObject({
      store: z.string(),
      kind: z.literal('elasticsearch'),
      snapshot: z.string(),
      repository: z.string(),
      indices: count,
      documents: count.optional(),
      shards: count,
      totalBytes: count,
      incrementalBytes: count,
      expectedSet: object,
      clusterUuid: z.string().optional(),
      globalState: z.literal('none').optional(),
    }),
  ),
  streams: z
    .array(
      z.looseObject({
        store: z.string(),
        kind: z.enum(['postgres', 'mysql', 'etcd', 'redis', 'volume', 'command']),
        parts: z.array(
          z.looseObject({
            part: z.string(),
            key: z.string(),
            compression: z.enum(['gzip', 'none']),
            bytes: count,
            sha256: z.string(),
            content: z.looseObject({ bytes: count, sha256: z.string() }),
            startedAt: z.string(),
            finishedAt: z.string(),
          }),
        ),
        expectedSet: object,
        moment: z.looseObject({ from: z.string(), to: z.string() }),
        totalBytes: count,
        dataBytes: count,
      }),
    )
    .optional(),
  missing: z.array(z.looseObject({ store: z.string(), reason: z.string() })).optional(),
  skewSeconds: z.number().nonnegative().optional(),
  capture: object.optional(),
  adopted: z.looseObject({ at: z.string(), takenBy: z.string() }).optional(),
  images: z.record(z.string(), z.looseObject({ reference: z.string(), digest: z.string() })),
});
