import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../cli/servers/temporal-server.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { findSecrets, type Written } from '../../secret-search.ts';
import { streamRekindle } from '../faults-tools/streamed.ts';
import { textOf } from '../faults-tools/message.ts';
import { type PlatformFile, useVariants } from '../faults-tools/variants.ts';
import { type Ended, facts, useScenario, type WorkerProcess } from '../harness/index.ts';
import { authentications, startRepeater, tokens, type TokenFiles } from './repeater.ts';
import {
  answersOf,
  catalogueOf,
  catalogueTraces,
  databaseTraces,
  descriptionsUntil,
  temporalTraces,
} from './traces.ts';
import { expecting } from '../../expecting.ts';

// No secret is left anywhere: not by runs that pass, nor by runs whose failures come from S3, Elasticsearch and a
// container. Payloads are not encrypted here but in the last test: what must not be there cannot be hidden by a key.

const scenario = useScenario();
const variants = useVariants(scenario);
const wrongSecret = `wrong-${randomBytes(12).toString('hex')}`;
/** With characters that look different in a URL, in JSON and in base64. */
const awkward = `p@ss "word"/${randomBytes(6).toString('hex')}`;
let name: string;
let worker: WorkerProcess;
let secrets: Record<string, string>;
let files: { wrong: string; awkward: string };
const printed: Written[] = [];
const answers: Written[] = [];
const heartbeats: Written[] = [];

beforeAll(async () => {
  name = scenario.platform.project;
  files = { wrong: await variants.file('wrong', wrongSecret), awkward: await variants.file('awkward', awkward) };
  secrets = { ...(await secretsOfTheDemo()), ...tokens, 'wrong secret': wrongSecret, "a container's secret": awkward };
  worker = await variants.startWorker({ REKINDLE_LOG_LEVEL: 'debug' });
});

/** The files that the Compose file mounts as secrets, and the key of the captures. */
async function secretsOfTheDemo(): Promise<Record<string, string>> {
  const folder = join(scenario.platform.folder, 'secrets');
  const values = (await readdir(folder)).map(
    async (file) => [file, await readFile(join(folder, file), 'utf8')] as const,
  );
  const identity = /AGE-SECRET-KEY-\S+/.exec(await readFile(facts().keyFile, 'utf8'))?.[0] ?? '';
  return { ...Object.fromEntries(await Promise.all(values)), 'age identity': identity };
}

async function rekindle(args: string[]): Promise<Ended> {
  const environment = { REKINDLE_PLATFORMS: variants.folder };
  const ended = await scenario.rekindle(args, { environment });
  printed.push({ where: `what "${args.join(' ')}" printed`, text: textOf(ended) });
  const { run } = (ended.json ?? {}) as Partial<RunProgress>;
  if (run !== undefined) answers.push(...(await answersOf(scenario, run)));
  return ended;
}

const wrongStoreSecret = (file: PlatformFile) => {
  file.stores[0]!.secrets['s3.client.default.secret_key'] = { file: files.wrong };
};
const missingBucket = (file: PlatformFile) => {
  file.stores[0]!.repository.name = 's3_elsewhere';
  file.stores[0]!.repository.settings['bucket'] = 'no-such-bucket-here';
};

/** Says its secret aloud in every form that a client library may give it, and fails. */
const script = `
  const secret = process.env.PASSWORD;
  const base64 = (text) => Buffer.from(text).toString('base64');
  const forms = [secret, encodeURIComponent(secret), JSON.stringify({ secret }), base64(secret), base64('elastic:' + secret)];
  for (const form of forms) {
    console.log('it said', form, 'and no more');
    await new Promise((resolve) => setTimeout(resolve, 1200));
  }
  process.exit(3);
`;
const talkativeContainer = (file: PlatformFile) => {
  (file.stores as object[]).push({
    name: 'search-cache',
    kind: 'container',
    service: 'elasticsearch',
    image: 'rekindle-stack/node:26',
    entrypoint: ['node', '--input-type=module'],
    arguments: ['-e', script],
    environment: { PASSWORD: { file: files.awkward } },
    timeoutSeconds: 60,
  });
};

test('a backup, runs that fail, and a restore that passes', async () => {
  expect(await rekindle(['backup', name, '--json'])).toMatchObject({ exitCode: 0, json: { verdict: 'pass' } });

  await variants.write(wrongStoreSecret);
  const refused = await rekindle(['restore', name, '--yes', '--json']);
  expect(refused).toMatchObject({ exitCode: 3, json: { phase: 'refused' } });
  expect(textOf(refused)).toContain('SignatureDoesNotMatch');
  await rekindle(['check', name]);
  await variants.write((file) => (file.catalogue['secretKey'] = { file: files.wrong }));
  expect((await rekindle(['backup', name, '--json'])).exitCode).toBe(1);

  await variants.write(missingBucket);
  const failed = await rekindle(['backup', name, '--json']);
  expect(failed).toMatchObject({ exitCode: 1, json: { phase: 'failed' } });
  expect(textOf(failed)).toContain('register repository s3_elsewhere');

  await variants.write(talkativeContainer);
  const rebuilding = rekindle(['rebuild', name, 'search-cache', '--json']);
  heartbeats.push(...(await descriptionsUntil(scenario, await scenario.openRun('rebuild'), rebuilding)));
  const rebuild = await rebuilding;
  expect(textOf(rebuild)).toMatch(/exit code 3.*it said \S*\[secret\]/);
  if (rebuild.exitCode === 4) await rekindle(['decide', (rebuild.json as RunProgress).run, 'abort']);
  else expect(rebuild.exitCode).toBe(1);

  await variants.write((file) => delete file.restore['outageSeconds']);
  const restore = await rekindle(['restore', name, '--yes', '--json']);
  expecting(restore, textOf(restore)).toMatchObject({ exitCode: 0, json: { phase: 'passed', verdict: 'pass' } });
  await rekindle(['report', (restore.json as RunProgress).run, '--json']);
  await rekindle(['points', name]);
  await rekindle(['status', name]);
});

test('runs that authenticate in every other way, before a server that repeats what it was told', async () => {
  const repeater = await startRepeater();
  try {
    const entries = await Promise.all(
      Object.entries(tokens).map(async ([token, value]) => [
        token,
        await variants.file(token.replaceAll(' ', '-'), value),
      ]),
    );
    const ways = authentications(repeater.url, Object.fromEntries(entries) as TokenFiles);
    for (const [way, change] of Object.entries(ways)) {
      await variants.write(change);
      const refused = await rekindle(['backup', name, '--json']);
      expecting(refused, `${way}: ${textOf(refused)}`).toMatchObject({ exitCode: 1 });
      if (way !== 'catalogue') expect(textOf(refused)).toMatch(/nobody is known who says \S*[^]*\[secret\]/);
    }
  } finally {
    repeater.stop();
    await variants.write(() => undefined);
  }
});

test('none of them left a secret: histories, answers, catalogue, log, command line', async () => {
  const kept = {
    temporal: await temporalTraces(scenario),
    answers,
    heartbeats,
    catalogue: await catalogueTraces(scenario),
    log: [{ where: "the worker's log", text: worker.output() }],
    printed,
  };
  // Each place holds what such runs leave, so that it was looked at in truth.
  expect(decoded(kept.temporal)).toMatch(/SignatureDoesNotMatch[^]*register repository s3_elsewhere/);
  expect(decoded(kept.temporal)).toMatch(/it said \S*\[secret\]/);
  expect(decoded(kept.temporal)).toMatch(/nobody is known who says [^]*\[secret\]/);
  // The container's first lines: only heartbeats carried them.
  expect(decoded(kept.heartbeats)).toContain('it said [secret] and no more');
  expect(kept.answers.length).toBeGreaterThanOrEqual(9);
  expect(kept.catalogue.map(({ where }) => where).join('\n')).toMatch(
    /capture\.age[^]*expected\.json[^]*manifest~[^]*reports\/restore!/,
  );
  expect(kept.log[0]?.text).toMatch(/"level":20,/);
  expect(kept.log[0]?.text).toContain('ContainerFailed');
  expect(Object.keys(secrets)).toEqual(expect.arrayContaining(['s3_access_key', 's3_secret_key', 'age identity']));
  expect(Object.values(secrets).filter((value) => value.length < 12)).toEqual([]);

  expect(findSecrets(Object.values(kept).flat(), secrets)).toEqual([]);
  const database = await databaseTraces();
  const plain = Object.entries(secrets).flatMap(([secret, value]) =>
    database.filter(({ text }) => text.includes(value)).map(({ where }) => `${secret} in ${where}`),
  );
  expect(database.some(({ text }) => text.includes('SignatureDoesNotMatch'))).toBe(true);
  expect(plain).toEqual([]);
});

test('a planted secret is found, in each place', async () => {
  const planted = { planted: `planted "${randomBytes(8).toString('hex')}"` };
  const handle = await scenario.client.workflow.start('restore', {
    taskQueue: `${name}-nobody`,
    workflowId: `restore/${name}/planted`,
    args: [{ platform: name, approvedBy: planted.planted }],
  });
  await handle.terminate('planted');
  const key = `${name}/planted`;
  await catalogueOf(scenario).put(key, Buffer.from(`Basic ${Buffer.from(planted.planted).toString('base64')}`));
  try {
    const found = [
      ...findSecrets(await temporalTraces(scenario), planted),
      ...findSecrets(await catalogueTraces(scenario), planted),
      ...findSecrets([{ where: 'a log', text: JSON.stringify({ msg: planted.planted }) }], planted),
      ...findSecrets([{ where: 'a page', text: `?q=${encodeURIComponent(planted.planted)}` }], planted),
    ];
    expect(found).toEqual([
      `planted (json) in history of ${handle.workflowId}, decoded`,
      `planted (base64) in ${key}`,
      `planted (plain) in ${key}, decoded`,
      'planted (json) in a log',
      'planted (url) in a page',
    ]);
    expect(
      (await databaseTraces()).some(({ text }) => text.includes(JSON.stringify(planted.planted).slice(1, -1))),
    ).toBe(true);
  } finally {
    await catalogueOf(scenario).delete(key);
  }
});

test('with a payload key Temporal holds nothing readable; the codec server decrypts it', async () => {
  const keyFile = join(variants.folder, 'payload-key.txt');
  expect((await rekindle(['keygen', '--payload', keyFile])).exitCode).toBe(0);
  const taskQueue = `${name}-${randomBytes(3).toString('hex')}`;
  const environment = { REKINDLE_TASK_QUEUE: taskQueue, REKINDLE_PAYLOAD_KEY_FILE: keyFile };
  await variants.startWorker(environment);
  const backup = await scenario.rekindle(['backup', name, '--json'], {
    environment: { REKINDLE_PLATFORMS: variants.folder, ...environment },
  });
  expecting(backup, textOf(backup)).toMatchObject({ exitCode: 0, json: { verdict: 'pass' } });
  const { run, recoveryPoint } = backup.json as RunProgress;
  const history = (await temporalTraces(scenario)).filter(({ where }) => where === `history of ${run}`);
  expect(decoded(history)).toContain('binary/encrypted');
  expect(decoded(history)).not.toContain(`snapshot.${recoveryPoint?.id ?? '?'}`);

  const withoutKey = await variants.rekindle(['status', run, '--json']);
  expect(withoutKey).toMatchObject({ exitCode: 2, json: { failure: { kind: 'MissingKey' } } });
  expect(withoutKey.stdout).toContain('REKINDLE_PAYLOAD_KEY_FILE');
  const missingFile = { REKINDLE_PAYLOAD_KEY_FILE: join(variants.folder, 'nowhere') };
  const bad = await variants.rekindle(['status', run], missingFile);
  expect(bad.exitCode).toBe(2);
  expect(textOf(bad)).toMatch(/There is no payload key file .*nowhere\n→ .*rekindle keygen --payload/);

  const address = `127.0.0.1:${await freePort(0)}`;
  const codecServer = streamRekindle(['codec-server', '--listen', address], {
    ...scenario.environment,
    ...environment,
  });
  await codecServer.saw(new RegExp(`codec server at http://${address},`));
  const { events } = await scenario.client.workflow.getHandle(run).fetchHistory();
  const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const metadata = Object.entries(input?.metadata ?? {}).map(([field, value]) => [field, base64(value)] as const);
  const answer = await fetch(`http://${address}/decode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', origin: 'http://localhost:8233' },
    body: JSON.stringify({ payloads: [{ metadata: Object.fromEntries(metadata), data: base64(input!.data!) }] }),
  });
  const { payloads } = (await answer.json()) as { payloads: { data: string }[] };
  expect(JSON.parse(Buffer.from(payloads[0]!.data, 'base64').toString())).toMatchObject({ platform: name });
  codecServer.interrupt();
  expect((await codecServer.ended).exitCode).toBe(0);
});

function decoded(written: readonly Written[]): string {
  const text = written.map((each) => each.text).join('\n');
  const payloads = [...text.matchAll(/"([A-Za-z0-9+/]{8,}={0,2})"/g)].map(([, run = '']) =>
    Buffer.from(run, 'base64').toString(),
  );
  return `${text}\n${payloads.join('\n')}`;
}
