import { z } from 'zod';
import { routeSchemas, type RouteSchemas } from './route-schemas.ts';
import { routes, type RouteName, type RouteRow } from './routes.ts';
import { auditEntry, session } from './schemas/access.ts';
import { check, failure } from './schemas/common.ts';
import { fleetDetails, fleetProgress, fleetRow } from './schemas/fleet.ts';
import { incidentState } from './schemas/incident.ts';
import { forecast, plan, step } from './schemas/plan.ts';
import { assessment, historyEntry, platformDetails, platformRow } from './schemas/platform.ts';
import { pointAnswer, pointDetails, pointsPage, pointSummary } from './schemas/point.ts';
import * as requests from './schemas/requests.ts';
import { runReport } from './schemas/report.ts';
import { quarantineRow, runBrief, runDetails, runOutcome, runProgress } from './schemas/run.ts';

const documents = {
  Session: session,
  PlatformRow: platformRow,
  PlatformDetails: platformDetails,
  HistoryEntry: historyEntry,
  PointsPage: pointsPage,
  PointDetails: pointDetails,
  RecoveryPoint: pointSummary,
  Assessment: assessment,
  Check: check,
  Plan: plan,
  Step: step,
  Forecast: forecast,
  RunDetails: runDetails,
  RunProgress: runProgress,
  RunReport: runReport,
  RunOutcome: runOutcome,
  RunBrief: runBrief,
  QuarantineRow: quarantineRow,
  FleetRow: fleetRow,
  FleetDetails: fleetDetails,
  FleetProgress: fleetProgress,
  IncidentState: incidentState,
  AuditEntry: auditEntry,
  Started: requests.started,
  Answer: requests.answer,
  PointAnswer: pointAnswer,
  Failure: failure,
  Refusal: requests.refusal,
  Spoken: requests.spoken,
  CheckPlatform: requests.checkPlatform,
  StartBackup: requests.startBackup,
  StartRestore: requests.startRestore,
  StartRebuild: requests.startRebuild,
  ApprovePlan: requests.approvePlan,
  RejectPlan: requests.rejectPlan,
  ApproveWave: requests.approveWave,
  TellFleet: requests.tellFleet,
  DecideStep: requests.decideStep,
  AcceptPoint: requests.acceptPoint,
  UnpinPoint: requests.unpinPoint,
  LogIn: requests.logIn,
} satisfies Record<string, z.ZodType>;

/** Of the routes that do not answer with JSON. */
const mediaTypes: Partial<Record<RouteName, string>> = { events: 'text/event-stream', reportPage: 'text/html' };

type Json = Record<string, unknown>;
const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const names = new Map<z.ZodType, string>(Object.entries(documents).map(([name, schema]) => [schema, name]));

/** The API as OpenAPI 3.1, made of the table of routes and the schemas that requests are checked against. */
export function openApi(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes) as [RouteName, RouteRow][])
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(name, route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rekindle',
      version,
      description: 'Backup and disaster recovery. Times are ISO 8601, UTC. Fields are added, never renamed.',
    },
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Made by "rekindle token"' },
        session: { type: 'apiKey', in: 'cookie', name: 'rekindle_session', description: 'Made by logging in' },
      },
    },
  };
}

function components(): Record<string, Json> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(documents)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, io: 'input' });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]));
}

function operation(name: RouteName, { path, role, summary }: RouteRow): Json {
  const { query, body, answer }: RouteSchemas = routeSchemas[name];
  const open = role === 'anyone';
  return {
    operationId: name,
    summary,
    description: open ? 'Asks for no role' : `Asks for the role ${role}`,
    security: open ? [{}] : [{ token: [role] }, { session: [] }],
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => parameter('path', name, { type: 'string' }, true)),
      ...Object.entries(query?.shape ?? {}).map(([name, schema]) =>
        parameter('query', name, inline(schema), !schema.safeParse(undefined).success),
      ),
    ],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }),
    responses: {
      200: {
        description: summary,
        content: { [mediaTypes[name] ?? 'application/json']: { schema: schemaOf(answer) } },
      },
      default: {
        description: 'It was refused or failed: what, why, and what to do',
        content: { 'application/json': { schema: reference('Refusal') } },
      },
    },
  };
}

function parameter(place: string, name: string, schema: Json, required: boolean): Json {
  const { description, ...rest } = schema;
  return { name, in: place, required, schema: rest, ...(description !== undefined && { description }) };
}

function schemaOf(schema: z.ZodType): Json {
  const name = names.get(schema);
  if (name !== undefined) return reference(name);
  if (schema instanceof z.ZodArray) return { type: 'array', items: schemaOf(schema.element as z.ZodType) };
  return inline(schema);
}

const inline = (schema: unknown): Json => bare(z.toJSONSchema(schema as z.ZodType, { io: 'input' }));

function bare({ $schema: _, $id: __, id: ___, ...schema }: Json): Json {
  return schema;
}
