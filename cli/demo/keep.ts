import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { Environment } from '../../config/environment.ts';
import { Failure } from '../../domain/failures.ts';
import { freePort, type TemporalServer } from '../servers/temporal-server.ts';
import { endNoted, endProcess, logOf, noteRunning, startApart } from './processes.ts';

/** Later commands in this folder read their settings from it. */
const settingsFile = (folder: string) => path.join(path.dirname(folder), 'environment');
const gatewayPort = 18080;
/** Milliseconds. */
const gatewayAnswersWithin = 60_000;

/**
 * Leaves Temporal running and starts a worker and a gateway that outlive this process, so that all commands and the page can
 * be tried on the demo platform. Returns the text that explains it. Failure: GatewayUnreachable, when the gateway does not answer; then
 * neither is left.
 */
export async function keepRunning(
  environment: Environment,
  temporal: TemporalServer,
  { folder, platform }: { folder: string; platform: string },
): Promise<string> {
  const gatewayAddress = `127.0.0.1:${await freePort(gatewayPort)}`;
  const url = `http://${gatewayAddress}`;
  const settings = {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: environment.temporalNamespace,
    // What this user has configured for another Temporal is none of the demo's.
    TEMPORAL_CONFIG_FILE: devNull,
    TEMPORAL_PROFILE: '',
    REKINDLE_PLATFORMS: environment.platformsFolder,
    REKINDLE_KEY_FILE: environment.keyFile,
    REKINDLE_TASK_QUEUE: environment.taskQueue,
    REKINDLE_TEMPORAL_UI: temporal.uiUrl,
    REKINDLE_GATEWAY_ADDRESS: gatewayAddress,
    REKINDLE_URL: url,
    // Of its own: tokens and incidents of another gateway on this machine are none of the demo's.
    REKINDLE_STATE: path.join(folder, 'state'),
    ...(await writeFiles({ folder, platform }, url)),
    ...(environment.payloadKeyFile === undefined ? {} : { REKINDLE_PAYLOAD_KEY_FILE: environment.payloadKeyFile }),
  };
  const started = ['worker', 'gateway'].map((command) => startApart(command, folder, settings));
  const pids = started.flatMap(({ pid }) => pid ?? []);
  let over = false;
  for (const child of started) child.once('exit', () => (over = true));
  try {
    await answering(url, folder, () => over);
  } catch (error) {
    await Promise.all(pids.map(endProcess));
    throw error;
  }
  await noteRunning(folder, [...pids, ...[temporal.leave()].filter((pid) => pid !== undefined)]);
  await writeFile(settingsFile(folder), linesOf(settings));
  return explanation({ url, uiUrl: temporal.uiUrl, platform, folder });
}

/** Ends the processes that `keepRunning` left, by their ids, and forgets the settings. */
export async function endKept(folder: string): Promise<void> {
  await endNoted(folder);
  await rm(settingsFile(folder), { force: true });
}

/** The gateway asks nobody to log in: only this machine reaches it. Every alert concerns the demo platform. */
async function writeFiles({ folder, platform }: { folder: string; platform: string }, url: string) {
  const [gateway, incidents, token] = [file(folder, 'gateway.yaml'), file(folder, 'incidents.yaml'), tokenFile(folder)];
  await writeFile(token, randomBytes(24).toString('hex'), { mode: 0o600 });
  await writeFile(gateway, stringify({ url }));
  const sources = { generic: { bearer: { file: token } } };
  await writeFile(incidents, stringify({ sources, rules: [{ platform, action: 'restore' }] }));
  return { REKINDLE_GATEWAY_FILE: gateway, REKINDLE_INCIDENTS_FILE: incidents };
}

const file = (folder: string, name: string) => path.join(folder, name);
const tokenFile = (folder: string) => file(folder, 'incident-token');

const linesOf = (settings: Record<string, string>) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** `over`: whether one of the processes ended. */
async function answering(url: string, folder: string, over: () => boolean): Promise<void> {
  const deadline = Date.now() + gatewayAnswersWithin;
  while (Date.now() < deadline && !over()) {
    const answered = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answered?.ok) return;
    await pause(100);
  }
  const why = over() ? 'one of them ended without a word' : `nothing answers within ${gatewayAnswersWithin / 1000} s`;
  throw new Failure('GatewayUnreachable', {
    message: `The demo's worker and gateway did not start: ${await lastWords(folder, why)}`,
    remedy: 'End what keeps them from it, and run "rekindle demo --keep" again',
  });
}

async function lastWords(folder: string, otherwise: string): Promise<string> {
  const logs = await Promise.all(
    ['worker', 'gateway'].map((command) => readFile(logOf(command, folder), 'utf8').catch(() => '')),
  );
  const words = logs.map((log) => log.trim().split('\n').slice(-2).join(' ')).filter((text) => text !== '');
  return words.join('; ') || otherwise;
}

function explanation(known: { url: string; uiUrl: string; platform: string; folder: string }): string {
  const { url, uiUrl, platform, folder } = known;
  const token = path.relative(process.cwd(), tokenFile(folder));
  return `
All of it goes on running.
The page: ${url}/ (for this machine only, without a log-in)
The Temporal UI: ${uiUrl}
In this folder, try:
  npx rekindle status
  npx rekindle restore ${platform} --dry-run --graph plan.svg
  npx rekindle drill ${platform}
  npx rekindle restore ${platform}
An alert, as an incident tool sends it. The page then proposes a restore:
  curl ${url}/incidents/generic -H "Authorization: Bearer $(cat ${token})" -H "Idempotency-Key: $(date +%s)" \\
    -d '{"incident": "INC-1", "what": "opened", "title": "The demo is down"}'
To end and remove all of it:
  npx rekindle demo --remove`;
}
