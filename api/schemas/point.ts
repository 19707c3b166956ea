import { z } from 'zod';
import type {
  ExpectedIndex,
  RecoveryPointManifest,
  RecoveryPointSummary,
} from '../../domain/recovery-points/recovery-point.ts';
import type { PointAnswer, PointDetails, PointsPage } from '../types.ts';
import { bytes, seconds, textOf, time, type SchemaOf } from './common.ts';
import type { MarkerNote } from '../../domain/recovery-points/catalogue-keys.ts';

const ids = z.array(z.string());

export const pointSummary = z.object({
  id: z.string(),
  startedAt: time.describe('The data is at least as new as this'),
  durationSeconds: seconds,
  totalBytes: bytes,
  incrementalBytes: bytes,
  indices: z.number(),
  documents: z.number().optional(),
  adopted: z.object({ at: time, snapshot: z.string() }).optional(),
  provenAt: time.optional().describe('When a restore or a drill of it passed'),
  provenBy: z.string().optional().describe('Which run that was'),
  pinned: z.boolean(),
  pinnedBy: z.array(z.string()).optional(),
  bad: z.boolean(),
  suspect: z.literal(true).optional(),
  deleting: z.boolean(),
}) satisfies SchemaOf<RecoveryPointSummary>;

export const pointsPage = z.object({
  points: z.array(pointSummary),
  unfinished: ids.optional(),
  halfRemoved: ids.optional(),
  warnings: z.array(z.string()).optional(),
  next: z.string().optional().describe('Ask with `before` set to this for older ones'),
}) satisfies SchemaOf<PointsPage>;

const markerNote = z.object({
  marker: textOf<MarkerNote['marker']>(),
  at: time,
  run: z.string(),
  note: z.string().optional(),
}) satisfies SchemaOf<MarkerNote>;

const manifest = z.looseObject({
  id: z.string(),
  platform: z.string(),
  run: z.string(),
  startedAt: time,
  finishedAt: time,
}) as unknown as z.ZodType<RecoveryPointManifest>;

const expectedIndex = z.looseObject({ name: z.string() }) as unknown as z.ZodType<ExpectedIndex>;

export const pointDetails = z.object({
  summary: pointSummary,
  manifest: manifest.describe('As it stands in the catalogue: docs/reference/catalogue.md'),
  markers: z.array(markerNote),
  indices: z.record(z.string(), z.array(expectedIndex)).describe('By store, what a restore must bring back'),
}) satisfies SchemaOf<PointDetails>;

export const pointAnswer = z.object({
  answer: z.string(),
  run: z.string().optional(),
  platform: z.string(),
  point: z.string(),
  changed: z.boolean(),
  by: z.string().optional(),
  reason: z.string().optional(),
  suspectFor: z.string().optional(),
  unpinned: ids.optional(),
  left: ids.optional(),
}) satisfies SchemaOf<PointAnswer>;
