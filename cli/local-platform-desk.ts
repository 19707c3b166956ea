import type { Client } from '@temporalio/client';
import { checkNow } from '../client/check-now.ts';
import { withTemporal } from '../client/connection.ts';
import { readinessReader, readReadiness } from '../client/readiness.ts';
import { readUnderWay } from '../client/under-way.ts';
import { isServed } from '../client/workers.ts';
import { hostTaskQueue, type Environment } from '../config/environment.ts';
import { loadPlatform, readPlatformsFolder } from '../config/platform-file.ts';
import { hostsOf, isSpread } from '../domain/hosts.ts';
import { overallVerdict } from '../domain/checks.ts';
import { Failure } from '../domain/failures.ts';
import type { HostName, Platform } from '../domain/platform.ts';
import type { Assessment } from '../domain/runs/assessment.ts';
import type { RestoreInput } from '../domain/runs/run.ts';
import { summaryOf } from '../domain/status/platform-summary.ts';
import { readinessSeen } from '../domain/status/readiness-seen.ts';
import { seen, type Seen } from '../domain/status/status.ts';
import { placeOnNodes } from '../operations/hosts/place-on-nodes.ts';
import { dependenciesOf } from '../operations/open-platform.ts';
import { acceptByPerson, pinByPerson, unpinByPerson } from '../operations/recovery-points/answers.ts';
import { pointNamed } from '../operations/recovery-points/point-choice.ts';
import { readPointInFull } from '../operations/recovery-points/read-point.ts';
import { findPlacedReport } from '../operations/runs/find-report.ts';
import { seePlatform, type TemporalView } from '../operations/status/see-platform.ts';
import { assessNow } from './assess-now.ts';
import { openPlatform, openUndisputed } from './open-platform.ts';
import type { PlatformDesk } from './platform-desk.ts';

/** Each thing is asked once, however many platforms want to know it. */
function temporalView(environment: Environment): TemporalView {
  const { taskQueue } = environment;
  // Nothing that is read here is ever encrypted, so no key is needed.
  const ask = <T>(work: (client: Client) => Promise<T>) =>
    seen(withTemporal({ ...environment, payloadKeyFile: undefined }, work));
  const hosts = new Map<HostName, Promise<Seen<boolean>>>();
  return {
    underWay: ask((client) => readUnderWay(client, taskQueue)),
    isServed(host) {
      const asked = hosts.get(host) ?? ask((client) => isServed(client, hostTaskQueue(taskQueue, host)));
      hosts.set(host, asked);
      return asked;
    },
  };
}

/** The engines of several hosts are asked by their workers. Failures: those of preflight; TemporalUnreachable. */
async function assessOnHosts(
  environment: Environment,
  platform: Platform,
  { point, before, volumes, beside, startedBy }: RestoreInput,
  wait: (text: string) => void,
): Promise<Omit<Assessment, 'at'>> {
  const hosts = hostsOf(platform, environment.host).join(', ');
  wait(`The workers of ${hosts} are asked, through Temporal`);
  try {
    return await withTemporal(environment, (client) =>
      checkNow(client, environment.taskQueue, platform.platform, { point, before, volumes, beside, startedBy }),
    );
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'TemporalUnreachable') throw error;
    throw new Failure(
      error.kind,
      {
        message: `${platform.platform} lies on ${hosts}, whose engines are asked through Temporal; ${error.message}`,
        remedy: 'Start Temporal and a worker on each of these hosts, or set TEMPORAL_ADDRESS to its address',
      },
      { cause: error },
    );
  }
}

/** Works on the platform files, the catalogues and the engine of this machine; needs no Temporal. */
export function localPlatformDesk(environment: Environment): PlatformDesk {
  const dependencies = dependenciesOf(environment);
  const open = (platform: string) => openPlatform(environment, platform);
  return {
    assertUsable: async (platform) => {
      await openUndisputed(environment, platform);
    },
    async overview() {
      const names = await readPlatformsFolder(environment.platformsFolder);
      const temporal = temporalView(environment);
      const now = Date.now();
      // What workflows answer may be encrypted: without the key, or without Temporal, all else is shown.
      const standing = seen(withTemporal(environment, readinessReader()));
      return Promise.all(
        names.map(async (name) => {
          const summary = summaryOf(await seePlatform(dependencies, name, temporal), now);
          const answers = await standing;
          const readiness = 'value' in answers ? answers.value.get(name) : undefined;
          return { ...summary, ...(readiness && { readiness: readinessSeen(readiness) }) };
        }),
      );
    },
    async readiness(platform) {
      await loadPlatform(environment.platformsFolder, platform, environment.variables);
      const found = await withTemporal(environment, (client) => readReadiness(client, platform));
      return found && readinessSeen(found);
    },
    async assess(input, wait) {
      const opened = await placeOnNodes(await openUndisputed(environment, input.platform));
      if (isSpread(opened.platform)) return assessOnHosts(environment, opened.platform, input, wait);
      const { checks, ...more } = await assessNow(opened, input, { wait });
      return { verdict: overallVerdict(checks), checks, ...more };
    },
    points: async (platform) => (await open(platform)).catalogue.listPoints(),
    async point(platform, name) {
      const opened = await open(platform);
      return readPointInFull(opened, await pointNamed(opened, name));
    },
    pin: async (platform, name, by) => pinByPerson(await open(platform), name, by),
    unpin: async (platform, name, { all }) => unpinByPerson(await open(platform), name, { all }),
    accept: async (platform, point, word) => acceptByPerson(await open(platform), point, word),
    report: (reference, platform) => findPlacedReport(dependencies, reference, platform),
  };
}
