import Docker from 'dockerode';
import type DockerModem from 'docker-modem';
import type { EndpointConnection } from './endpoints/endpoint-connection.ts';

/** One engine: its client, and the name that messages give it. */
export interface Connection {
  docker: Docker;
  /** `unix:///var/run/docker.sock` or `tcp://host:port`. */
  address: string;
}

/** How long the engine may take over one short call, in milliseconds; a stop's grace comes on top. */
const callLimit = 120_000;

/** `host` as in `DOCKER_HOST`, which counts when it is left out; then the usual socket. Connects nothing yet. */
export function openConnection(host = process.env.DOCKER_HOST ?? ''): Connection {
  const address = host === '' ? 'unix:///var/run/docker.sock' : host.includes('://') ? host : `tcp://${host}`;
  const docker = new Docker(clientOptions(address));
  limitCalls(docker.modem);
  return { docker, address };
}

/** The engine of another machine. Connects nothing yet. */
export function openEndpoint({ agent, address }: EndpointConnection): Connection {
  // The agent knows where to connect; the name goes into a header that nobody reads.
  const docker = new Docker({ host: 'docker', port: 80, protocol: 'http', agent } as Docker.DockerOptions);
  limitCalls(docker.modem);
  return { docker, address };
}

function clientOptions(address: string): Docker.DockerOptions {
  if (address.startsWith('unix://')) return { socketPath: address.slice('unix://'.length), host: undefined };
  // The environment's own host: dockerode reads its certificates (DOCKER_CERT_PATH) beside it.
  if (address === process.env.DOCKER_HOST) return {};
  const { protocol, hostname, port } = new URL(address);
  return { host: hostname, port: port || 2375, protocol: protocol === 'https:' ? 'https' : 'http' };
}

/**
 * An engine that dies in the middle of its answer leaves dockerode's promise pending for ever, and one that is frozen
 * never answers. So every call that is not a stream times out, as ETIMEDOUT.
 */
function limitCalls(modem: DockerModem): void {
  const dial = modem.dial.bind(modem);
  modem.dial = (call, callback) => {
    if (call.isStream === true || call.hijack === true) {
      dial(call, callback);
      return;
    }
    const abort = new AbortController();
    const signal = call.abortSignal === undefined ? abort.signal : AbortSignal.any([call.abortSignal, abort.signal]);
    let open = true;
    const finish: DockerModem.RequestCallback = (error, result) => {
      if (!open) return;
      open = false;
      clearTimeout(timer);
      callback?.(error, result);
    };
    const grace = ((call.options as { t?: number } | undefined)?.t ?? 0) * 1000;
    const timer = setTimeout(() => {
      finish(Object.assign(new Error('no answer from the Docker engine'), { code: 'ETIMEDOUT' }), null);
      abort.abort();
    }, callLimit + grace);
    dial({ ...call, abortSignal: signal }, finish);
  };
}
