import { passed } from '../../domain/checks.ts';
import { Failure } from '../../domain/failures.ts';
import type { ContainerStore } from '../../domain/platform.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { storeNamed } from './store-named.ts';

/** Rebuilds a derived store with the operator's own container. */
export async function runContainer(
  open: OpenPlatform,
  call: StepCall<'runContainer'>,
  watch: Watch,
): Promise<StepOutcome> {
  const store = storeNamed(open.platform, 'container', call.arguments.store);
  const { environment, secrets } = await environmentOf(open, store);
  // The operator's program writes what it likes; the secrets that it was given are taken out before anything is shown.
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
      // The lines are the progress; the driver's own, in seconds, would hide them.
      onLine: (line) => watch.onProgress?.({ done: ++lines, total: 0, unit: 'lines', note: shown(line) }),
    },
  );
  const last = shown(lastLines.at(-1) ?? 'no output');
  if (exitCode !== 0)
    throw new Failure('ContainerFailed', {
      message: `${store.image} ended with exit code ${exitCode}; its last line: ${last}`,
      remedy: `Fix what it reports, or the arguments of the store "${store.name}" in the platform file`,
    });
  return {
    summary: `Exit code 0; ${last}`,
    checks: [passed(`container ${store.name}`, `${store.image}: exit code 0`)],
  };
}

/** The container's environment, and the secrets' values alone, to keep them out of what is shown. */
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
    message: `The service "${service}" has no container, so its network is not known`,
    remedy: 'Bring the platform back with "rekindle restore"',
  });
}
