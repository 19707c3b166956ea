import { Failure } from '../../../../domain/failures.ts';
import type { StoreContainer } from '../../../../systems/docker/streamed/store-container.ts';
import { steady } from '../streams/sources.ts';
import { answering } from '../../../../systems/postgres/answering.ts';

/** A container in which every command ends with this. */
function ending(message: string): StoreContainer {
  const fail = () => Promise.reject(new Failure('ContainerFailed', { message, remedy: 'Look' }));
  async function* outputOf(): AsyncGenerator<Uint8Array> {
    yield await fail();
  }
  return answering({ name: 'db', outputOf, feed: fail, hold: fail }, 'accounts');
}

const command = { command: ['psql'], what: 'Reading' };
const none = () => steady(Buffer.alloc(0));

test.each([
  ['connection to server at "127.0.0.1", port 5432 failed: Connection refused', 'ServiceUnhealthy'],
  ['connection to server on socket "/run/x" failed: FATAL:  the database system is starting up', 'ServiceUnhealthy'],
  ['FATAL:  terminating connection due to administrator command', 'ServiceUnhealthy'],
  ['server closed the connection unexpectedly', 'ServiceUnhealthy'],
  ['Is the server running on that host and accepting TCP/IP connections?', 'ServiceUnhealthy'],
  ['connection to server at "db" failed: FATAL:  password authentication failed for user "app"', 'WrongCredentials'],
  ['connection to server at "db" failed: FATAL:  role "x" does not exist', 'WrongCredentials'],
  ['pg_restore: error: could not execute query: ERROR:  role "app" does not exist', 'ContainerFailed'],
  ['ERROR:  relation "job" does not exist', 'ContainerFailed'],
])('%s: %s', async (message, kind) => {
  const container = ending(message);
  await expect(container.feed(command, none())).rejects.toMatchObject({ kind, message });
  await expect(container.hold(command, '')).rejects.toMatchObject({ kind });
  const reading = (async () => {
    for await (const piece of container.outputOf(command)) expect(piece).toBeUndefined();
  })();
  await expect(reading).rejects.toMatchObject({ kind });
});

test('the remedy of a refused user names the store and its keys', async () => {
  const failure = await ending('FATAL: password authentication failed')
    .feed(command, none())
    .catch((error: unknown) => error);
  expect((failure as Failure).remedy).toContain('"username" and "password" of the store "accounts"');
});
