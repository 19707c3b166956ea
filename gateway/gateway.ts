import type { AddressInfo } from 'node:net';
import type { Environment } from '../config/environment.ts';
import { parseListenAddress } from '../config/listen-address.ts';
import { Failure } from '../domain/failures.ts';
import type { PlatformName } from '../domain/platform.ts';
import type { CatalogueView } from '../operations/status/catalogue-reader.ts';
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
}

export interface Gateway {
  url: string;
  /** Answers pending requests, then stops listening. */
  close(): Promise<void>;
}

const example = '127.0.0.1:18080, or 0.0.0.0:18080 for monitors on other machines';

/**
 * Serves status and metrics over HTTP. Starts whether or not Temporal, catalogues and platform files can be read.
 * Failure: InvalidArgument when REKINDLE_GATEWAY_ADDRESS is invalid, or cannot be listened on.
 */
export async function startGateway({ environment, version, openCatalogue }: GatewayOptions): Promise<Gateway> {
  const { gatewayAddress } = environment;
  const { host, port } = parseListenAddress(gatewayAddress, { given: 'REKINDLE_GATEWAY_ADDRESS', example });
  const metrics = createMetrics({ version });
  const watch = watchPlatforms(environment, { openCatalogue, onOutcome: metrics.count });
  const server = gatewayServer(gatewayPages(watch, metrics, Date.now), metrics.contentType);
  try {
    await server.listen({ host, port });
  } catch (error) {
    await watch.close();
    throw refused(gatewayAddress, error);
  }
  const { port: taken } = server.server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: async () => {
      await server.close();
      await watch.close();
    },
  };
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
