import { withTemporal } from '../client/connection.ts';
import { readUnderWay } from '../client/under-way.ts';
import type { Environment } from '../config/environment.ts';
import { readPlatformsFolder } from '../config/platform-file.ts';
import { overallVerdict } from '../domain/checks.ts';
import { summaryOf } from '../domain/status/platform-summary.ts';
import { seen } from '../domain/status/status.ts';
import { dependenciesOf } from '../operations/open-platform.ts';
import { acceptByPerson, pinByPerson, unpinByPerson } from '../operations/recovery-points/answers.ts';
import { pointNamed } from '../operations/recovery-points/point-choice.ts';
import { readPointInFull } from '../operations/recovery-points/read-point.ts';
import { findReport } from '../operations/runs/find-report.ts';
import { seePlatform } from '../operations/status/see-platform.ts';
import { assessNow } from './assess-now.ts';
import { openPlatform, openUndisputed } from './open-platform.ts';
import type { PlatformDesk } from './platform-desk.ts';

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
      // Nothing that is read here is ever encrypted, so no key is needed.
      const underWay = seen(
        withTemporal({ ...environment, payloadKeyFile: undefined }, (client) =>
          readUnderWay(client, environment.taskQueue),
        ),
      );
      const now = Date.now();
      return Promise.all(names.map(async (name) => summaryOf(await seePlatform(dependencies, name, underWay), now)));
    },
    async assess(input, wait) {
      const { checks, ...more } = await assessNow(await openUndisputed(environment, input.platform), input, { wait });
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
    report: async (reference, platform) => (await findReport(dependencies, reference, platform)).report,
  };
}
