import type { ServerAnswer } from '../../../domain/init/seen.ts';
import type { ServerKind } from '../../../domain/init/signatures.ts';
import { askServer } from '../../../operations/init/ask-server.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { seenService } from '../../unit/domain/init/seen-samples.ts';
import { waitFor } from '../../wait-for.ts';
import { startContainer, type StartedContainer } from '../start-container.ts';

const patience = { timeout: 50_000, interval: 500 };

/** Servers of a test's own, asked as `init` asks them; all of them end with the test file. */
export function useServers() {
  const started: StartedContainer[] = [];
  afterAll(() => Promise.all(started.map((server) => server.remove())));
  return async (
    kind: ServerKind,
    image: string,
    // `prepare`: a command in the container that must have succeeded before.
    options: Parameters<typeof startContainer>[1] & { settings?: Record<string, string>; prepare?: string[] } = {},
  ): Promise<ServerAnswer> => {
    const server = await startContainer(image, options);
    started.push(server);
    const docker = connectDocker({});
    const { prepare } = options;
    if (prepare)
      await waitFor(
        async () => expect(await docker.exec(server.name, prepare)).toMatchObject({ exitCode: 0 }),
        patience,
      );
    const service = seenService('db', { container: server.name, settings: options.settings ?? {} });
    // A server that starts is silent, as one that never answers.
    return waitFor(async () => {
      const answer = await askServer(docker, service, kind);
      expect(answer.kind).not.toBe('silent');
      return answer;
    }, patience);
  };
}
