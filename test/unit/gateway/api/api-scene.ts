import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import fastify, { type FastifyInstance } from 'fastify';
import type { IncidentState } from '../../../../domain/incidents/incident.ts';
import type { RunReport } from '../../../../domain/reports/run-report.ts';
import { digestPoints } from '../../../../domain/recovery-points/points-digest.ts';
import { startProgress } from '../../../../domain/runs/progress.ts';
import { Failure } from '../../../../domain/failures.ts';
import type { Platform } from '../../../../domain/platform.ts';
import type { PlatformSeen } from '../../../../domain/status/status.ts';
import { openAccess } from '../../../../gateway/access/access.ts';
import { guard } from '../../../../gateway/access/guard.ts';
import { sessionRoutes } from '../../../../gateway/access/session-routes.ts';
import type { Readings } from '../../../../gateway/api/readings.ts';
import { openReadings } from '../../../../gateway/api/readings.ts';
import { apiRoutes } from '../../../../gateway/api/plugin.ts';
import { reportPageRoute } from '../../../../gateway/api/report-page.ts';
import { serve } from '../../../../gateway/api/serve.ts';
import { failureOf, httpStatus } from '../../../../gateway/http-status.ts';
import type { Watch } from '../../../../gateway/platforms.ts';
import type { TemporalLink } from '../../../../gateway/temporal-link.ts';
import { writtenCatalogue, type WrittenCatalogue } from '../../../systems/gateway/catalogue.ts';
import { atEnd, state } from '../access-scene.ts';
import { fakeDesk, restoreId, type FakeDesk } from './fake-desk.ts';
import { fakeFleets, type FakeFleets } from './fake-fleets.ts';

export interface ApiScene {
  url: string;
  desk: FakeDesk;
  fleets: FakeFleets;
  /** The only one that the catalogue holds. */
  report: RunReport;
  catalogue: WrittenCatalogue;
  readings: Readings;
}

export const incident: IncidentState = {
  id: '0123456789abcdef',
  platform: 'nuvla',
  action: 'restore',
  rule: 'rules[0]',
  phase: 'proposing',
  source: 'alertmanager',
  incident: '{}:1',
  title: 'Elasticsearch is gone',
  openedAt: '2026-11-21T09:29:00.000Z',
  preflight: { at: '2026-11-21T09:30:00.000Z', verdict: 'pass', checks: [] },
  run: { id: restoreId, kind: 'restore', phase: 'waiting for approval' },
  story: [{ at: '2026-11-21T09:29:00.000Z', text: 'opened' }],
  told: [],
};

const warnings = [{ message: "The incidents' file cannot be used", remedy: 'Correct it' }];

export const unknownPlatform = (name: string) =>
  new Failure('UnknownPlatform', {
    message: `There is no platform file "${name}.yaml"`,
    remedy: 'known platforms: nuvla',
  });

/** The API over real HTTP, with real access control and a real catalogue; Temporal and its runs are simulated. */
export async function openApiScene(file: object = {}): Promise<ApiScene> {
  await mkdir(join(state, 'catalogue'));
  const catalogue = writtenCatalogue(join(state, 'catalogue'), 'nuvla');
  const desk = fakeDesk();
  const fleets = fakeFleets();
  const watch = fakeWatch(catalogue, desk);
  const link = fakeLink(desk);
  const report: RunReport = {
    ...startProgress('backup/nuvla/1', 'backup', 'nuvla', '2026-11-21T09:00:00.000Z'),
    phase: 'passed',
  };
  const readReport = (run: string) =>
    run === report.run
      ? Promise.resolve(report)
      : Promise.reject(
          new Failure('RunNotFound', {
            message: `No catalogue holds a report of a run "${run}"`,
            remedy: 'Choose another',
          }),
        );
  const readings = openReadings({ watch, link, desk, fleets, readReport });
  const open = (name: string) =>
    name === 'nuvla'
      ? Promise.resolve({ catalogue: catalogue.catalogue, platform: { platform: 'nuvla' } as Platform })
      : Promise.reject(unknownPlatform(name));
  const access = await openAccess({ file, stateFolder: state, loopback: true, variables: {} });
  const server: FastifyInstance = fastify({ routerOptions: { maxParamLength: 1000 } });
  server.setErrorHandler((error, _, reply) => reply.code(httpStatus(error)).send({ failure: failureOf(error) }));
  await guard(server, access);
  sessionRoutes(server, access, { version: '1', temporalUi: undefined, incidents: { warnings: () => warnings } });
  const deskOf = () => desk;
  const handlers = serve({
    readings,
    desk,
    deskOf,
    fleets,
    link,
    audit: access.audit,
    open,
    readReport,
    taskQueue: 'rekindle',
  });
  reportPageRoute(server, readReport);
  apiRoutes(server, { handlers, audit: access.audit, onAction: readings.forget, version: '1' });
  await server.listen({ host: '127.0.0.1', port: 0 });
  atEnd(() => server.close());
  return {
    url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    desk,
    fleets,
    report,
    catalogue,
    readings,
  };
}

function fakeWatch({ catalogue }: WrittenCatalogue, desk: FakeDesk): Watch {
  const see = async (): Promise<PlatformSeen> => ({
    platform: 'nuvla',
    file: {
      value: { objectiveSeconds: 3600, host: 'machine', approval: { required: true, approvers: ['ann'], needed: 1 } },
    },
    catalogue: { value: { points: digestPoints((await catalogue.listPoints()).points) } },
    temporal: {
      value: {
        runs: [
          {
            run: restoreId,
            platform: 'nuvla',
            kind: 'restore',
            phase: 'waiting for approval',
            startedAt: '2026-11-21T09:30:00.000Z',
          },
        ],
        schedules: [
          { name: 'backup', platform: 'nuvla', workflow: 'backup', paused: false, nextAt: '2026-11-21T10:00:00.000Z' },
        ],
        incidents: [],
        worker: true,
      },
    },
    worker: desk.failure ? 'unknown' : 'working',
  });
  return {
    platformNames: () => Promise.resolve(['nuvla']),
    platform: (name) => (name === 'nuvla' ? see() : Promise.reject(unknownPlatform(name))),
    all: async () => [await see()],
    temporal: () => Promise.resolve({ value: { runs: [], schedules: [], incidents: [], worker: true } }),
    close: () => Promise.resolve(),
  };
}

/** A Temporal with one incident, whose worker answers. */
function fakeLink(desk: FakeDesk): TemporalLink {
  const execution = {
    workflowId: `incident/${incident.id}`,
    runId: '1',
    type: 'incident',
    status: { name: 'RUNNING' },
    startTime: new Date(incident.openedAt),
    typedSearchAttributes: { get: () => 'nuvla' },
  };
  const handle = (id: string) => ({
    query: () => Promise.resolve(incident),
    describe: () =>
      id === execution.workflowId
        ? Promise.resolve(execution)
        : Promise.reject(Object.assign(new Error('not found'), { name: 'WorkflowNotFoundError' })),
    result: () => Promise.resolve({ at: '2026-11-21T09:30:00.000Z', verdict: 'pass', checks: [] }),
  });
  const listed = proto.temporal.api.workflow.v1.WorkflowExecutionInfo.create({
    execution: { workflowId: execution.workflowId, runId: execution.runId },
    type: { name: execution.type },
    status: proto.temporal.api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING,
    startTime: msToTs(execution.startTime.getTime()),
    historyLength: msToTs(0).seconds,
  });
  const client = {
    options: { namespace: 'default' },
    connection: { withDeadline: (_: number, work: () => Promise<unknown>) => work() },
    workflow: {
      getHandle: handle,
      start: (_: string, { workflowId }: { workflowId: string }) =>
        Promise.resolve({ workflowId, ...handle(workflowId) }),
    },
    workflowService: { listWorkflowExecutions: () => Promise.resolve({ executions: [listed], nextPageToken: [] }) },
  };
  return {
    use: (work) => (desk.failure ? Promise.reject(desk.failure) : work(client as never)),
    close: () => Promise.resolve(),
  };
}
