import type { FastifyInstance } from 'fastify';
import type { Environment } from '../../config/environment.ts';
import type { Caller } from '../../domain/access.ts';
import type { PlatformName } from '../../domain/platform.ts';
import type { OpenPlatform } from '../../operations/open-platform.ts';
import { dependenciesOf, openPlatform } from '../../operations/open-platform.ts';
import { findPlacedReport, findReport } from '../../operations/runs/find-report.ts';
import type { Access } from '../access/access.ts';
import { askedBy } from '../access/asked.ts';
import { cookieName } from '../access/guard.ts';
import type { Watch } from '../platforms.ts';
import { temporalLink } from '../temporal-link.ts';
import { eventRoute, maySeeEvents } from './events.ts';
import { linkedDesk } from './linked-desk.ts';
import { linkedFleets } from './linked-fleets.ts';
import { apiRoutes } from './plugin.ts';
import { openReadings } from './readings.ts';
import { reportPageRoute } from './report-page.ts';
import { serve } from './serve.ts';
import { openTopics } from './topics.ts';

export interface Api {
  /** To be called after `guard`. */
  register(server: FastifyInstance, access: Access): void;
  close(): Promise<void>;
}

export interface ApiParts {
  environment: Environment;
  watch: Watch;
  /** Of Rekindle. */
  version: string;
}

/** The API over Temporal, the platform files and their catalogues; nothing is connected before it is needed. */
export function openApi({ environment, watch, version }: ApiParts): Api {
  const link = temporalLink(environment);
  const { taskQueue } = environment;
  const desk = linkedDesk(link, { taskQueue });
  const fleets = linkedFleets(link);
  const dependencies = dependenciesOf(environment);
  const open = (platform: PlatformName): Promise<OpenPlatform> => openPlatform(dependencies, platform);
  const readReport = async (run: string, platform?: string) => (await findReport(dependencies, run, platform)).report;
  const readPlaced = (run: string, platform?: string) => findPlacedReport(dependencies, run, platform);
  const readings = openReadings({ watch, link, desk, fleets, readReport });
  return {
    register(server, access) {
      const { audit, seal } = access;
      const vouching = linkedDesk(link, { taskQueue, sealer: seal });
      const deskOf = ({ method }: Caller) => (method === 'none' ? desk : vouching);
      const tools = { readings, desk, deskOf, fleets, link, audit, open, readReport: readPlaced, taskQueue };
      const handlers = serve(tools);
      apiRoutes(server, { handlers, audit, onAction: readings.forget, version });
      reportPageRoute(server, readPlaced);
      eventRoute(server, {
        topics: openTopics(readings),
        isStillAllowed: async (request) =>
          maySeeEvents((await access.callerOf(askedBy(request, cookieName(access))))?.role),
      });
    },
    close: () => link.close(),
  };
}
