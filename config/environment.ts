import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Failure } from '../domain/failures.ts';
import type { TemporalAccess } from './temporal/access.ts';
import { readTemporalSettings } from './temporal/settings.ts';

/** The settings in this process's environment, read once. */
export interface Environment {
  platformsFolder: string;
  host: string;
  /** What this orchestrator is called where several share a catalogue; absent: it has no name, and takes no charge. */
  orchestrator?: string | undefined;
  keyFile: string;
  /** The keys that encrypt what Temporal stores; undefined: it is stored in the clear. */
  payloadKeyFile: string | undefined;
  temporalAddress: string | undefined;
  temporalNamespace: string;
  /** TLS, API key and headers for Temporal; absent: none of them. */
  temporal?: TemporalAccess | undefined;
  taskQueue: string;
  /** Where people find Temporal's UI; undefined: it is not known. */
  temporalUi?: string;
  dockerHost: string | undefined;
  /** The file of the hosts whose engines are reached from here; undefined: there are none. */
  hostsFile?: string | undefined;
  /** The gateway that commands go through; undefined: they work from here. */
  gatewayUrl: string | undefined;
  /** `<host>:<port>` where the gateway listens. */
  gatewayAddress: string;
  /** Who may use the gateway, and how it is reached. A file that is not `given` may be absent. */
  gatewayFile: { path: string; given: boolean };
  /** Which incidents are taken from whom, and what is done about them. A file that is not `given` may be absent. */
  incidentsFile: { path: string; given: boolean };
  /** Under which address people reach the gateway's page; goes before that of the gateway's file. */
  url: string | undefined;
  /** The folder of what the gateway keeps: tokens, sessions, its key, the audit log, incidents to deliver. */
  stateFolder: string;
  /** The public keys of the gateways whose word counts where approvals must be authenticated. */
  approvalKeysFile: string;
  /** Of the log of worker and gateway: trace, debug, info, warn, error or silent. */
  logLevel: string;
  variables: NodeJS.ProcessEnv;
}

/** This machine only: who else may reach the gateway is up to the operator. */
export const defaultGatewayAddress = '127.0.0.1:18080';

/** `NAME=value` lines in the folder where a command is given; the real environment takes precedence. */
const settingsFile = path.join('.rekindle', 'environment');

/** Failure: InvalidArgument, naming the variable, or the file and the key. */
export function readEnvironment(given: NodeJS.ProcessEnv = process.env): Environment {
  const variables = { ...readSettings(), ...given };
  const temporal = readTemporalSettings(variables);
  const home = path.join(variables['HOME'] ?? os.homedir(), '.rekindle');
  const gatewayFile = notEmpty(variables['REKINDLE_GATEWAY_FILE']);
  const incidentsFile = notEmpty(variables['REKINDLE_INCIDENTS_FILE']);
  const stateFolder = path.resolve(notEmpty(variables['REKINDLE_STATE']) ?? path.join(home, 'state'));
  return {
    platformsFolder: variables['REKINDLE_PLATFORMS'] ?? path.resolve('platforms'),
    host: variables['REKINDLE_HOST'] ?? os.hostname(),
    orchestrator: orchestratorName(notEmpty(variables['REKINDLE_ORCHESTRATOR'])),
    keyFile: variables['REKINDLE_KEY_FILE'] ?? path.join(home, 'key.txt'),
    payloadKeyFile: notEmpty(variables['REKINDLE_PAYLOAD_KEY_FILE']),
    temporalAddress: temporal.address,
    temporalNamespace: temporal.namespace ?? 'default',
    temporal: temporal.access,
    taskQueue: variables['REKINDLE_TASK_QUEUE'] ?? 'rekindle',
    temporalUi: variables['REKINDLE_TEMPORAL_UI'] === '' ? undefined : variables['REKINDLE_TEMPORAL_UI'],
    dockerHost: variables['DOCKER_HOST'],
    hostsFile: notEmpty(variables['REKINDLE_HOSTS_FILE']),
    gatewayUrl: notEmpty(variables['REKINDLE_GATEWAY_URL']),
    gatewayAddress: notEmpty(variables['REKINDLE_GATEWAY_ADDRESS']) ?? defaultGatewayAddress,
    gatewayFile: { path: path.resolve(gatewayFile ?? 'gateway.yaml'), given: gatewayFile !== undefined },
    incidentsFile: { path: path.resolve(incidentsFile ?? 'incidents.yaml'), given: incidentsFile !== undefined },
    url: httpUrl('REKINDLE_URL', notEmpty(variables['REKINDLE_URL'])),
    stateFolder,
    approvalKeysFile: notEmpty(variables['REKINDLE_APPROVAL_KEYS']) ?? path.join(stateFolder, 'gateway-key.pub.pem'),
    logLevel: variables['REKINDLE_LOG_LEVEL'] ?? 'info',
    variables,
  };
}

/** The same for a Temporal server that this process has started itself: it asks for nothing, and has one namespace. */
export function withOwnTemporal(environment: Environment, temporalAddress: string): Environment {
  return { ...environment, temporalAddress, temporalNamespace: 'default', temporal: undefined };
}

/** Empty counts as not set: that is what a Compose file makes of a variable that is not. */
const notEmpty = (value: string | undefined) => (value === '' ? undefined : value);

/** It becomes part of a key in the catalogue. */
function orchestratorName(value: string | undefined): string | undefined {
  if (value === undefined || /^[A-Za-z0-9][\w.-]{0,62}$/.test(value)) return value;
  throw new Failure('InvalidArgument', {
    message: `REKINDLE_ORCHESTRATOR "${value}" is no name`,
    remedy: 'Begin with a letter or digit, then letters, digits, ".", "_" and "-", 63 at most',
  });
}

function httpUrl(name: string, value: string | undefined): string | undefined {
  if (value === undefined || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) return value;
  throw new Failure('InvalidArgument', {
    message: `${name} "${value}" is no http or https URL`,
    remedy: `Set ${name} to the address under which people reach the gateway, such as https://rekindle.example.org`,
  });
}

function readSettings(): Record<string, string> {
  const text = existsSync(settingsFile) ? readFileSync(settingsFile, 'utf8') : '';
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [, name, value] = /^([A-Z_][A-Z0-9_]*)=(.*)$/.exec(line.trim()) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The task queue of the work that is bound to one machine: its Docker socket, its volumes. */
export function hostTaskQueue(taskQueue: string, host: string): string {
  return `${taskQueue}-host-${host}`;
}

/** Temporal's own page of the namespace's workflows, below which each has its page; undefined: it is not known where. */
export function workflowsPage({
  temporalUi,
  temporalNamespace,
}: Pick<Environment, 'temporalUi' | 'temporalNamespace'>): string | undefined {
  if (temporalUi === undefined) return undefined;
  return `${temporalUi.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(temporalNamespace)}/workflows`;
}

/** The page of a run in Temporal's UI; undefined when it is not known where that is. */
export function pageOfRun(environment: Environment): ((run: string) => string) | undefined {
  const base = workflowsPage(environment);
  return base === undefined ? undefined : (run) => `${base}/${encodeURIComponent(run)}`;
}

/** The gateway's pages of a run and of a platform; undefined when it is not known where people reach it. */
export function pageLinks(
  url: string | undefined,
): { run: (run: string) => string; platform: (platform: string) => string } | undefined {
  if (url === undefined) return undefined;
  const base = `${url.replace(/\/+$/, '')}/#`;
  return {
    run: (run) => `${base}/runs/${encodeURIComponent(run)}`,
    platform: (platform) => `${base}/platforms/${encodeURIComponent(platform)}`,
  };
}
