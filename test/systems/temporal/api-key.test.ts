import { writeFile } from 'node:fs/promises';
import { withTemporal } from '../../../client/connection.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { redact } from '../../../config/redaction.ts';
import { dependenciesOf } from '../../../operations/open-platform.ts';
import { connectWorker } from '../../../worker/connection.ts';
import { registerSearchAttributes } from '../../../worker/search-attributes.ts';
import { startWorker } from '../../../worker/worker.ts';
import { makeAuthority } from '../../certificates.ts';
import { waitFor } from '../../wait-for.ts';
import { keyed, type KeyedFront } from './front.ts';
import { fileOf, request, temporal, untilTheEnd, useTemporal } from './temporal-scene.ts';

useTemporal();

const authority = makeAuthority('cloud');
const key = 'first-key-of-the-test';
let front: KeyedFront;
let address: Record<string, string>;

beforeAll(async () => {
  front = await untilTheEnd(keyed(temporal.address, authority.issue(), key));
  address = {
    TEMPORAL_ADDRESS: front.address,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: await fileOf('ca.pem', authority.certificate),
  };
});

afterEach(() => front.take(key));

const direct = () => readEnvironment({ TEMPORAL_ADDRESS: temporal.address });

test('with the right key, Temporal is reached', async () => {
  expect(await request({ ...address, TEMPORAL_API_KEY: key })).toBe('reached');
});

test('a wrong key: refused, where it was given is named, and the key is shown nowhere', async () => {
  const failure = await request({ ...address, TEMPORAL_API_KEY: 'a-wrong-key-of-the-test' });
  expect(failure).toMatchObject({
    kind: 'WrongCredentials',
    message: `Temporal at ${front.address} refuses the API key of TEMPORAL_API_KEY`,
    remedy: expect.stringContaining('has not expired') as string,
  });
  expect(JSON.stringify(failure)).not.toContain('a-wrong-key');
  expect(redact('authorization: Bearer a-wrong-key-of-the-test')).toBe('authorization: Bearer [secret]');
});

test('no key: what to set is named', async () => {
  expect(await request({ ...address })).toMatchObject({
    kind: 'WrongCredentials',
    message: `Temporal at ${front.address} demands to know who asks, and no API key is set`,
    remedy: expect.stringContaining('TEMPORAL_API_KEY') as string,
  });
});

test('a worker whose namespace lacks the search attributes, and that may not add them, says which', async () => {
  const environment = readEnvironment({ ...address, TEMPORAL_API_KEY: key });
  await expect(connectWorker(environment)).rejects.toMatchObject({
    kind: 'InvalidArgument',
    message: expect.stringContaining('RekindleKind, RekindlePlatform') as string,
    remedy: expect.stringContaining('--sa "RekindleVerdict=Keyword"') as string,
  });
});

describe('in a namespace with the search attributes', () => {
  beforeAll(async () => {
    await withTemporal(direct(), (client) => registerSearchAttributes(client.connection as never, 'default'));
  });

  test('a worker does its work with an API key alone', async () => {
    const variables = {
      ...address,
      TEMPORAL_API_KEY: key,
      REKINDLE_TASK_QUEUE: 'with-key',
      REKINDLE_LOG_LEVEL: 'silent',
    };
    const environment = readEnvironment(variables);
    const worker = await startWorker(dependenciesOf(environment));
    const workflowId = 'backup/nobody/1';
    const run = withTemporal(environment, (client) =>
      client.workflow.execute('backup', { taskQueue: 'with-key', workflowId, args: [{ platform: 'nobody' }] }),
    );
    await expect(run).rejects.toMatchObject({ cause: { type: 'UnknownPlatform' } });
    worker.stop();
    await worker.done;
  });

  test('a key that is replaced in its file is used by the connections that are open', async () => {
    const file = await fileOf('api-key', `${key}\n`);
    const environment = readEnvironment({ ...address, REKINDLE_TEMPORAL_API_KEY_FILE: file });
    const worker = await connectWorker(environment, 20);
    const count = { namespace: 'default', query: 'WorkflowType = "none"' };
    const ask = () => worker.connection.workflowService.countWorkflowExecutions(count);
    await withTemporal(environment, async (client) => {
      await client.workflow.count(count.query);
      await ask();
      front.take('second-key-of-the-test');
      await writeFile(file, 'second-key-of-the-test\n');
      await client.workflow.count(count.query);
      await waitFor(ask, { timeout: 10_000, interval: 50 });
    });
    expect(front.seen).toContain('second-key-of-the-test');
    await worker.close();
  });
});
