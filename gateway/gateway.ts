import type { AddressInfo } from 'node:net';
import { destination, type DestinationStream } from 'pino';
import { defaultGatewayAddress, workflowsPage, type Environment } from '../config/environment.ts';
import { loadGatewayFile } from '../config/gateway-file.ts';
import { isLoopbackHost, parseListenAddress } from '../config/listen-address.ts';
import { openLog } from '../config/log.ts';
import { Failure, type FailureText } from '../domain/failures.ts';
import type { PlatformName } from '../domain/platform.ts';
import type { AuditLog } from '../operations/access/audit.ts';
import type { CatalogueView } from '../operations/status/catalogue-reader.ts';
import { openAccess } from './access/access.ts';
import { readTls } from './access/tls.ts';
import { openApi } from './api/api.ts';
import { temporalCourier } from './incidents/courier.ts';
import { startIncidents } from './incidents/incidents.ts';
import { createMetrics } from './metrics.ts';
import { gatewayPages } from './pages.ts';
import { watchPlatforms } from './platforms.ts';
import { gatewayServer } from './server.ts';

export interface GatewayOptions {
  environment: Environment;
  /** Of Rekindle. */
  version: string;
  /** The catalogue of a platform, from its current file. */
  openCatalogue: (platform: PlatformName) => Promise<CatalogueView>;
  /** Where the log goes; absent: to standard error. */
  logTo?: DestinationStream;
}

export interface Gateway {
  url: string;
  /** What the operator must see at the start. */
  warnings: FailureText[];
  /** Answers pending requests, then stops listening. */
  close(): Promise<void>;
}

const example = '127.0.0.1:18080, or 0.0.0.0:18080 for monitors on other machines';

/**
 * Serves status and metrics over HTTP. Starts whether or not Temporal, catalogues and platform files can be read.
 * Failures: InvalidArgument when REKINDLE_GATEWAY_ADDRESS is invalid, cannot be listened on, or lets others in without
 * access control; InvalidGatewayFile.
 */
export async function startGateway({
  environment,
  version,
  openCatalogue,
  logTo = destination(2),
}: GatewayOptions): Promise<Gateway> {
  const { gatewayAddress } = environment;
  const { host, port } = parseListenAddress(gatewayAddress, { given: 'REKINDLE_GATEWAY_ADDRESS', example });
  const { stateFolder, variables } = environment;
  const temporalUi = workflowsPage(environment);
  const file = await loadGatewayFile(environment);
  const tls = file.tls && (await readTls(file.tls));
  const loopback = isLoopbackHost(host);
  const access = await openAccess({ file, stateFolder, loopback, variables });
  if (!loopback && (await access.logins()).length === 0) throw open(gatewayAddress);
  const incidents = await startIncidents({
    environment,
    clientCertificates: tls?.requestCert === true,
    courier: temporalCourier(environment),
    log: openLog(environment.logLevel, logTo),
  });
  const metrics = createMetrics({ version, more: [incidents.metrics.registry] });
  const watch = watchPlatforms(environment, { openCatalogue, onOutcome: metrics.count });
  const pages = gatewayPages({ watch, metrics, incidents, now: Date.now });
  const api = openApi({ environment, watch, version });
  const metricsType = metrics.contentType;
  const server = await gatewayServer({ pages, metricsType, access, incidents, version, temporalUi, tls, api });
  const close = async () => {
    await server.close();
    await Promise.all([watch.close(), incidents.close(), api.close()]);
  };
  try {
    await server.listen({ host, port });
  } catch (error) {
    await close();
    throw refused(gatewayAddress, error);
  }
  const { port: taken } = server.server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    warnings: await warningsOf(access.audit),
    close,
  };
}

/** Whoever reaches it could restore. */
function open(address: string): Failure {
  return new Failure('InvalidArgument', {
    message: `The gateway would listen on ${address} without access control: whoever reaches it could start and approve restores`,
    remedy: `Make a token first: rekindle token create --name "$USER" --role approver; or configure access in gateway.yaml (docs/access.md), or listen on this machine only: REKINDLE_GATEWAY_ADDRESS=${defaultGatewayAddress}`,
  });
}

async function warningsOf(audit: AuditLog): Promise<FailureText[]> {
  const { faults } = await audit.verify();
  if (faults.length === 0) return [];
  return [
    {
      message: `The audit log ${audit.file} was changed: ${faults[0]}${faults.length > 1 ? `, and ${faults.length - 1} more` : ''}`,
      remedy: 'Find out who changed it ("rekindle audit verify" lists all); compare it with a copy',
    },
  ];
}

function refused(address: string, error: unknown): Failure {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === 'EADDRINUSE' ? 'another program already listens there (EADDRINUSE)' : (code ?? message);
  return new Failure(
    'InvalidArgument',
    {
      message: `The gateway cannot listen on ${address}: ${why}`,
      remedy: `Stop that program, or set another address: REKINDLE_GATEWAY_ADDRESS=127.0.0.1:18081`,
    },
    { cause: error },
  );
}
