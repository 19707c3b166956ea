import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import { addressOfEndpoint, type Endpoint, type EndpointSecrets } from '../../../domain/endpoints.ts';
import { sshLinks } from './ssh-links.ts';
import { explainTls, openTls } from './tls-socket.ts';

/** How an engine on another machine is reached. */
export interface EndpointConnection {
  address: string;
  /** For dockerode: every request of the engine's API gets a connection of it. */
  agent: Agent;
  /** The failure that an error of a request stands for; the error itself when it is none of the connection. */
  explain: (error: unknown) => Promise<unknown>;
}

/** Connects nothing yet. `secrets` is asked for each connection, so that keys may be replaced. */
export function connectEndpoint(endpoint: Endpoint, secrets: () => Promise<EndpointSecrets>): EndpointConnection {
  const address = addressOfEndpoint(endpoint);
  if (endpoint.kind === 'ssh')
    return {
      address,
      agent: new DiallingAgent(sshLinks(endpoint, secrets)),
      explain: (error) => Promise.resolve(error),
    };
  const open = async () => openTls(endpoint, await secrets());
  return { address, agent: new DiallingAgent(open), explain: (error) => explainTls(endpoint, error) };
}

/** Makes its connections by a function. Node asks for a class. */
class DiallingAgent extends Agent {
  readonly #dial: () => Promise<Duplex>;

  constructor(dial: () => Promise<Duplex>) {
    super({ keepAlive: false });
    this.#dial = dial;
  }

  /**
   * For a debug line that nobody reads, docker-modem writes out the options of each request to any depth. Of an agent that would
   * be all its connections, with what hangs on them: it stopped a busy worker for so long that its heartbeats were missed.
   */
  [inspect.custom](): string {
    return DiallingAgent.name;
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    // Node's own type has no error without a stream.
    const done = callback as ((error: Error | null, stream?: Duplex) => void) | undefined;
    this.#dial().then(
      (stream) => done?.(null, stream),
      (error: unknown) => done?.(error as Error),
    );
  }
}
