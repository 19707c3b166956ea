import { z } from 'zod';
import type { MountFate } from '../../domain/plans/mount-fates.ts';
import type { Scene } from '../../domain/drills/scene.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import type { Step } from '../../domain/plans/steps.ts';
import type { Forecast, LostData } from '../../domain/runs/forecast.ts';
import { seconds, time, type SchemaOf } from './common.ts';

const names = z.record(z.string(), z.unknown()).describe('Names of what it works on; they differ by action');

/** What an action takes differs by action, and serves nobody but the worker. */
export const step = z
  .object({
    id: z.string(),
    action: z.string().describe('What is done: stopService, quarantineVolume, restoreIndices, …'),
    host: z.string().optional().describe("The host that it runs on; absent: the platform's own"),
    scene: z.literal(true).optional().describe("Of a restore beside the platform: carried out in the plan's scene"),
    arguments: names,
    after: z.array(z.string()).describe('Steps that must be done before this one starts'),
    undo: z.object({ action: z.string(), arguments: names }).optional(),
    undoAlways: z.literal(true).optional(),
    destructive: z.literal(true).optional().describe('Removes data from where its service looks for it'),
    skippable: z.literal(true).optional(),
    asks: z.literal(true).optional(),
    optionalStore: z.string().optional().describe('When the step fails, the backup goes on without this store'),
  })
  .describe('One step of a plan') as unknown as SchemaOf<Step>;

const mount = z.object({
  service: z.string(),
  type: z.enum(['volume', 'bind', 'tmpfs']),
  source: z.string(),
  destination: z.string(),
  goes: z.boolean().describe('Its content is set aside or removed; otherwise it stays as it is'),
  why: z.string(),
  host: z.string().optional(),
}) satisfies SchemaOf<MountFate>;

export const pointOfRun = z.object({ id: z.string(), startedAt: time, adopted: z.literal(true).optional() });

const scene = z.object({
  run: z.string(),
  project: z.string().describe('The beginning of every name in it'),
  core: z.array(z.string()),
  memory: z.record(z.string(), z.number()).describe('Bytes, by service'),
  processors: z.number(),
  host: z.string().optional().describe("On whose engine it is; absent: the platform's own"),
  share: z
    .object({
      indices: z.record(z.string(), z.array(z.string())).describe('By store'),
      completes: z.boolean().describe('With earlier drills of the same recovery point, this is all of it'),
    })
    .optional()
    .describe('What it restores of the recovery point; absent: all'),
}) satisfies SchemaOf<Scene>;

export const plan = z.object({
  version: z.literal(1),
  kind: z.enum(['restore', 'backup', 'rebuild', 'rollback', 'prune', 'scrub', 'copy', 'drill']),
  platform: z.string(),
  host: z.string(),
  places: z
    .object({ main: z.string(), services: z.record(z.string(), z.string()) })
    .optional()
    .describe("Of a platform on Swarm: data services on other nodes than the host's"),
  bases: z
    .record(z.string(), z.number())
    .optional()
    .describe('Stores whose snapshots are in a later base of their repository than the platform file describes'),
  recoveryPoint: pointOfRun.optional(),
  capture: z.string().optional(),
  scene: scene.optional().describe('Where a drill is carried out, or a part of a restore: beside the platform'),
  steps: z.array(step),
  pointOfNoReturn: z.string().optional().describe('The first step that removes data'),
  volumes: z.array(z.object({ name: z.string(), createdAt: z.string(), host: z.string().optional() })),
  mounts: z.array(mount).optional(),
  platformFileHash: z.string(),
  hash: z.string().describe('SHA-256 over all of the above; approval names it'),
}) satisfies SchemaOf<Plan>;

const range = { atLeast: z.number(), atMost: z.number() };

const lost = z.object({
  store: z.string(),
  since: time,
  indices: z.array(z.object({ index: z.string(), ...range, note: z.string().optional() })).optional(),
  others: z.object({ indices: z.number(), ...range }).optional(),
}) satisfies SchemaOf<LostData>;

export const forecast = z.object({
  downtimeSeconds: seconds,
  basis: z.string(),
  parts: z
    .array(
      z.object({
        part: z.string(),
        seconds,
        from: z.array(z.enum(['restores', 'drills', 'guess'])),
        runs: z.object({ restores: z.number().optional(), drills: z.number().optional() }),
      }),
    )
    .optional()
    .describe('What it is the sum of, and in how many runs each was measured'),
  bytes: z
    .record(z.string(), z.number())
    .optional()
    .describe('What the snapshots hold, by the step that restores them'),
  lost: z.array(lost),
}) satisfies SchemaOf<Forecast>;
