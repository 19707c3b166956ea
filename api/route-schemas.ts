import { z } from 'zod';
import type { RouteName } from './routes.ts';
import { auditEntry, session } from './schemas/access.ts';
import { fleetDetails, fleetRow } from './schemas/fleet.ts';
import { incidentState } from './schemas/incident.ts';
import { assessment, historyEntry, platformDetails, platformRow } from './schemas/platform.ts';
import { pointAnswer, pointDetails, pointsPage } from './schemas/point.ts';
import * as requests from './schemas/requests.ts';
import { runReport } from './schemas/report.ts';
import { quarantineRow, runBrief, runDetails } from './schemas/run.ts';

type Fields = z.ZodObject<Record<string, z.ZodType>>;

/** What a route takes and answers. */
export interface RouteSchemas {
  query?: Fields;
  body?: Fields;
  answer: z.ZodType;
}

const { queries, spoken, started, answer } = requests;

/** By route; what is not JSON (server-sent events) has its own documents. */
export const routeSchemas = {
  session: { answer: session },
  logIn: { body: requests.logIn, answer },
  logOut: { answer },
  platforms: { answer: z.array(platformRow) },
  platform: { answer: platformDetails },
  history: { query: queries.history, answer: z.array(historyEntry) },
  points: { query: queries.points, answer: pointsPage },
  point: { answer: pointDetails },
  check: { body: requests.checkPlatform, answer: assessment },
  startBackup: { body: requests.startBackup, answer: started },
  startRestore: { body: requests.startRestore, answer: started },
  startRebuild: { body: requests.startRebuild, answer: started },
  startPrune: { body: spoken, answer: started },
  startScrub: { body: requests.startScrub, answer: started },
  startDrill: { body: requests.startDrill, answer: started },
  pin: { body: spoken, answer: pointAnswer },
  unpin: { body: requests.unpinPoint, answer: pointAnswer },
  acceptPoint: { body: requests.acceptPoint, answer: pointAnswer },
  runs: { query: queries.runs, answer: z.array(runBrief) },
  run: { query: queries.run, answer: runDetails },
  report: { query: queries.ofPlatform, answer: runReport },
  reportPage: { query: queries.ofPlatform, answer: z.string() },
  approve: { body: requests.approvePlan, answer },
  reject: { body: requests.rejectPlan, answer },
  decide: { body: requests.decideStep, answer },
  cancel: { body: spoken, answer },
  quarantines: { query: queries.ofPlatform, answer: z.array(quarantineRow) },
  rollback: { body: spoken, answer },
  release: { body: spoken, answer },
  fleets: { answer: z.array(fleetRow) },
  fleet: { answer: fleetDetails },
  approveWave: { body: requests.approveWave, answer },
  pauseFleet: { body: requests.tellFleet, answer },
  resumeFleet: { body: requests.tellFleet, answer },
  stopFleet: { body: requests.tellFleet, answer },
  incidents: { query: queries.ofPlatform, answer: z.array(incidentState) },
  incident: { answer: incidentState },
  audit: { query: queries.audit, answer: z.array(auditEntry) },
  events: { query: queries.events, answer: z.string() },
  openApi: { answer: z.looseObject({ openapi: z.string() }) },
} as const satisfies Record<RouteName, RouteSchemas>;

type Schemas = typeof routeSchemas;
export type QueryOf<R extends RouteName> = Schemas[R] extends { query: infer Q } ? z.infer<Q> : object;
export type BodyOf<R extends RouteName> = Schemas[R] extends { body: infer B } ? z.infer<B> : object;
export type AnswerOf<R extends RouteName> = z.infer<Schemas[R]['answer']>;
