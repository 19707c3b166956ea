import { z } from 'zod';
import { day, hour, seconds } from './common.ts';

// Who approves a restore, what becomes of the old data, and how long is waited.

export const restore = z
  .strictObject({
    approval: z.enum(['required', 'none']).default('required'),
    approvers: z.array(z.string().min(1)).default([]).describe('Who may approve; empty: anybody'),
    approvalsNeeded: z.number().int().min(1).max(100).default(1).describe('How many different people must approve'),
    authenticated: z
      .boolean()
      .default(false)
      .describe(
        'Whether only people whom a gateway has authenticated may approve, reject, decide, roll back and release',
      ),
    approvalTimeoutSeconds: seconds.default(24 * hour),
    volumes: z.enum(['quarantine', 'remove']).default('quarantine'),
    requireProvenWithinDays: z
      .number()
      .positive()
      .max(3660)
      .optional()
      .describe('Refuses a restore of a point that no person named when none was proven within so many days'),
    runningBackup: z.enum(['wait', 'cancel']).default('wait').describe('What happens to a backup that runs'),
    quarantineHours: z
      .number()
      .positive()
      .max(366 * 24)
      .default(72)
      .describe('So long after a restore that passed, its quarantine is released by itself'),
    outageSeconds: z
      .number()
      .int()
      .min(1)
      .max(day)
      .default(300)
      .describe('How long a server that went away is waited for'),
  })
  .prefault({});
