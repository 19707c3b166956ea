import { passed } from '../domain/checks.ts';
import { Failure } from '../domain/failures.ts';
import type { ContainerStore } from '../domain/platform.ts';
import type { StepCall } from '../domain/runs/run.ts';
import type { StepOutcome } from '../domain/plans/steps.ts';
import { activity } from './activity.ts';
import { openPlatform, type Dependencies, type OpenPlatform } from '../operations/open-platform.ts';
import { storeNamed } from '../operations/store-named.ts';

/** Derived stores that a container of the operator's own makes anew. */
export function containerStoreActivities(dependencies: Dependencies) {
  return {
    runContainer: activity(async (call: StepCall<'runContainer'>, watch): Promise<StepOutcome> => {
      const open = await openPlatform(dependencies, call.platform);
      const store = storeNamed(open.platform, 'container', call.arguments.store);
      const { environment, secrets } = await environmentOf(open, store);
      // Its output is the operator's own program's: shown, but never with a secret that we gave to it.
      const shown = (line: string) => secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line);
      let lines = 0;
      const { exitCode, lastLines } = await open.docker.runContainer(
        {
          name: `rekindle-${store.name}-${call.execution}`,
          image: store.image,
          entrypoint: store.entrypoint,
          arguments: store.arguments,
          environment,
          network: await networkOf(open, store.service),
          labels: { 'rekindle.run': call.run },
        },
        {
          signal: watch.signal,
          // Its lines are the progress; the driver's own, seconds, would hide them.
          onLine: (line) => watch.onProgress({ done: ++lines, total: 0, unit: 'lines', note: shown(line) }),
        },
      );
      const last = shown(lastLines.at(-1) ?? 'no output');
      if (exitCode !== 0)
        throw new Failure('ContainerFailed', {
          message: `${store.image} ended with exit code ${exitCode}; its last line: ${last}`,
          remedy: `mend what it says, or the arguments of the store "${store.name}" in the platform file`,
        });
      return {
        summary: `exit code 0; ${last}`,
        checks: [passed(`container ${store.name}`, `${store.image}: exit code 0`)],
      };
    }),
  };
}

/** Its environment with the secrets' values, and those values alone, to keep them out of what is shown. */
async function environmentOf(open: OpenPlatform, store: ContainerStore) {
  const environment: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(store.environment)) {
    const known = typeof value === 'string' ? value : await open.secret(value, `${store.name}.environment.${name}`);
    if (typeof value !== 'string') secrets.push(known);
    environment[name] = known;
  }
  return { environment, secrets };
}

async function networkOf(open: OpenPlatform, service: string): Promise<string> {
  const network = (await open.containersOf(service))[0]?.networks[0];
  if (network !== undefined) return network;
  throw new Failure('ServiceNotFound', {
    message: `the service "${service}" has no container, so its network is not known`,
    remedy: 'bring the platform back with "rekindle restore"',
  });
}
