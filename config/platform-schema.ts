import { z } from 'zod';
import type { Platform } from '../domain/platform.ts';
import { backup, objectives, readiness } from './platform-schema/backup.ts';
import { catalogue } from './platform-schema/catalogue.ts';
import { name } from './platform-schema/common.ts';
import { deployment } from './platform-schema/deployment.ts';
import { drill } from './platform-schema/drill.ts';
import { platformFaults } from './platform-schema/faults.ts';
import { metrics, notification } from './platform-schema/notifications.ts';
import { restore } from './platform-schema/restore.ts';
import { smokeCheck } from './platform-schema/smoke.ts';
import { stores } from './platform-schema/stores.ts';

// The truth about the platform file: docs/platform.schema.json is printed from it, and a test compares the two.

export const platformSchema = z
  .strictObject({
    platform: name,
    deployment,
    stores,
    catalogue,
    backup,
    objectives,
    readiness,
    notifications: z.array(notification).default([]),
    metrics,
    restore,
    smoke: z.array(smokeCheck).default([]),
    drill,
  })
  .superRefine((file, context) => {
    for (const [path, message] of platformFaults(file))
      context.addIssue({ code: 'custom', path, message, input: undefined });
  }) satisfies z.ZodType<Platform>;

/** The schema for editors; `io: input` because a file may leave out what has a default. */
export function platformJsonSchema(): unknown {
  return z.toJSONSchema(platformSchema, { io: 'input' });
}
