import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Environment } from '../../../config/environment.ts';
import { announce, type Settled } from '../../../operations/notify/announce.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { useAtEnd } from '../../at-end.ts';
import { startReceiver, type Answer } from '../../receiver.ts';
import { findSecrets } from '../../secret-search.ts';
import { startSmtpServer } from '../../smtp-server.ts';
import { least } from '../config/platform-file-samples.ts';
import { bad } from '../domain/notification-samples.ts';

const atEnd = useAtEnd();
const secrets = { token: 'T0KEN-0123456789abcdef', key: 'R0UT1NG-0123456789abcdef01234567', password: 'pa55-w0rd' };

/** A platform file with these receivers, and what one attempt to tell them of a failed backup answers. */
async function open(
  notifications: object[],
  variables: Record<string, string>,
  { url, gateway }: { url?: string; gateway?: string } = { url: 'https://rekindle.example.org/' },
) {
  const folder = await mkdtemp(join(tmpdir(), 'announce-'));
  atEnd(() => rm(folder, { recursive: true }));
  const catalogue = { kind: 'directory', path: join(folder, 'catalogue') };
  await writeFile(join(folder, 'demo.yaml'), stringify({ ...least, catalogue, notifications }));
  if (gateway !== undefined) await writeFile(join(folder, 'gateway.yaml'), gateway);
  const environment = {
    platformsFolder: folder,
    host: 'here',
    taskQueue: 'q',
    url,
    gatewayFile: { path: join(folder, 'gateway.yaml'), given: false },
    variables: { KEY: secrets.key, PASSWORD: secrets.password, ...variables },
  } as unknown as Environment;
  const beats: Settled[] = [];
  const attempt = (isLast = true, before?: Settled) =>
    announce(
      { environment, docker: connectDocker() },
      { platform: 'demo', announcement: bad },
      { before, isLast, failedBackups: () => Promise.resolve(undefined) },
      { signal: new AbortController().signal, onProgress: (progress) => beats.push(progress as Settled) },
    );
  return { attempt, beats };
}

async function receivers(answer?: () => Answer) {
  const http = await startReceiver(answer);
  atEnd(() => http.close());
  const smtp = await startSmtpServer(atEnd, { tls: 'none' });
  const notifications = [
    { url: { env: 'HOOK' } },
    { kind: 'slack', url: { env: 'HOOK' } },
    { kind: 'teams', url: { env: 'HOOK' } },
    { kind: 'pagerduty', routingKey: { env: 'KEY' }, url: `${http.url}/v2/enqueue` },
    {
      kind: 'email',
      server: { host: '127.0.0.1', port: smtp.port, tls: 'none' },
      from: 'rekindle@example.org',
      to: ['ann@example.org'],
    },
  ];
  return { http, smtp, ...(await open(notifications, { HOOK: `${http.url}/hooks/${secrets.token}` })) };
}

test('each kind gets its own format, once, with the link to the page', async () => {
  const { attempt, http, smtp } = await receivers();
  expect(await attempt()).toEqual({ notes: [], missed: [] });
  expect(http.received).toHaveLength(4);
  const page = `https://rekindle.example.org/#/runs/${encodeURIComponent(bad.run)}`;
  const has = (fields: object) =>
    expect(http.received.map(({ json }) => json)).toContainEqual(expect.objectContaining(fields));
  has({ version: 1, event: 'failure', links: { page } });
  has({ attachments: [expect.objectContaining({ title: 'demo: backup failed', title_link: page })] });
  has({ type: 'message' });
  has({ routing_key: secrets.key, event_action: 'trigger', dedup_key: 'rekindle/demo/backup', client_url: page });
  expect(new Set(http.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  expect(smtp.mails).toHaveLength(1);
  expect(smtp.mails[0]?.source).toContain('Subject: demo: backup failed');
});

test('those who have it do not get it again; those who are missed are named by place and host alone', async () => {
  let status = 503;
  const { attempt, beats, http, smtp } = await receivers(() => ({ status }));
  await expect(attempt(false)).rejects.toMatchObject({ kind: 'NotificationUndelivered' });
  expect(smtp.mails).toHaveLength(1);
  status = 404;
  const { notes, missed } = await attempt(true, beats.at(-1));
  expect(smtp.mails).toHaveLength(1);
  expect(http.received).toHaveLength(8);
  expect(missed).toEqual([]);
  expect(notes.toSorted()).toEqual(
    [0, 1, 2, 3].map(
      (index) =>
        `notifications[${index}] (127.0.0.1:${http.port}) was not notified of the end of ${bad.run}: it answered 404`,
    ),
  );
  expect(findSecrets([{ where: 'notes', text: JSON.stringify([notes, beats]) }], secrets)).toEqual([]);
});

test('a password that cannot be read, and a server that refuses it, are notes', async () => {
  const smtp = await startSmtpServer(atEnd, { tls: 'starttls', login: 'rekindle:other' });
  const server = { host: '127.0.0.1', port: smtp.port, user: 'rekindle', caFile: '/nowhere.pem' };
  const mail = { kind: 'email', from: 'a@example.org', to: ['b@example.org'] };
  const { attempt } = await open(
    [
      { ...mail, server: { ...server, password: { env: 'NOT_SET' } } },
      { ...mail, server: { ...server, password: { env: 'PASSWORD' } } },
    ],
    {},
  );
  const { notes, missed } = await attempt(false);
  expect(missed).toEqual([]);
  expect(notes).toEqual([
    expect.stringContaining('notifications[0] was not notified') as string,
    expect.stringContaining(`notifications[1] (127.0.0.1:${smtp.port}) was not notified`) as string,
  ]);
  expect(notes[0]).toContain(
    '"notifications[0].server.password" cannot be read: environment variable NOT_SET is not set',
  );
  expect(notes[1]).toContain('its caFile cannot be read (ENOENT)');
});

test.each([
  ['of the gateway that stands beside the worker', 'url: https://page.example.org', 'https://page.example.org/#/runs/'],
  ['nowhere, when that is not known', undefined, undefined],
  ['nowhere, when the file has a mistake: the rest arrives', 'url: [', undefined],
])('the link leads to the page %s', async (_what, gateway, page) => {
  const hook = await startReceiver();
  atEnd(() => hook.close());
  const { attempt } = await open([{ url: hook.url }], {}, { gateway });
  expect(await attempt()).toEqual({ notes: [], missed: [] });
  const { links } = hook.received[0]!.json as { links?: { page?: string } };
  expect(links?.page).toEqual(page === undefined ? undefined : expect.stringContaining(page));
});
