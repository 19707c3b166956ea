// cspell:ignore keey
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder } from '../../../../gateway/incidents/lock.ts';
import { generic, pagerduty } from './bodies.ts';
import { fillDisk } from './full-disk.ts';
import {
  delivered,
  file,
  folder,
  incidents,
  keys,
  log,
  post,
  postGeneric,
  postSigned,
  setOutage,
  start,
  stop,
  token,
  until,
  useIncidents,
} from './incidents-scene.ts';

useIncidents();

const journal = () => join(folder, 'state', 'incidents', 'incidents.journal');
const event = (what: string, number: number, incident = 'INC-7') =>
  postGeneric(generic(what, { incident }), `${incident} ${number}`);
const toldAs = () => delivered.map(({ event: { incident, what } }) => `${incident} ${what}`);

test('Temporal is down: taken at once, told why they wait, delivered in order when it is back', async () => {
  setOutage(new Error('Temporal does not answer'));
  await start();
  const began = Date.now();
  for (const [number, what] of ['opened', 'acknowledged', 'resolved'].entries())
    expect(await event(what, number)).toMatchObject({ status: 202 });
  expect(Date.now() - began).toBeLessThan(5000);
  await until(() => incidents.warnings().length > 0);
  expect(incidents.warnings()).toEqual([
    {
      message: '3 events of incidents wait to be delivered: Temporal does not answer',
      remedy: expect.any(String) as string,
    },
  ]);
  expect(log).toContain('Incident events wait on the disk');
  setOutage(undefined);
  await until(() => delivered.length === 3);
  expect(toldAs()).toEqual(['INC-7 opened', 'INC-7 acknowledged', 'INC-7 resolved']);
  await until(() => incidents.warnings().length === 0);
});

test('the gateway dies while Temporal is down: what was taken is delivered after its start, once', async () => {
  setOutage(new Error('down'));
  await start();
  for (let number = 0; number < 5; number++) await event('opened', number, `INC-${number}`);
  await event('resolved', 9, 'INC-0');
  await stop();
  // A crash in the middle of a write.
  await writeFile(journal(), 'half a rec', { flag: 'a' });
  setOutage(undefined);
  await start();
  await until(() => delivered.length === 6);
  expect(log).toContain('The last 10 bytes of the journal of incidents were unfinished and are cut off');
  expect(toldAs().filter((one) => one.startsWith('INC-0'))).toEqual(['INC-0 opened', 'INC-0 resolved']);
  expect(await event('opened', 3, 'INC-3')).toMatchObject({
    status: 200,
    json: { answer: 'Nothing is done: duplicate' },
  });
  await stop();
  await start();
  expect(incidents.warnings()).toEqual([]);
  expect(delivered).toHaveLength(6);
});

test('what cannot be delivered holds up its own incident only', async () => {
  await start();
  setOutage(new Error('refused'));
  await event('opened', 1, 'INC-1');
  await until(() => incidents.warnings().length > 0);
  setOutage(undefined);
  await event('opened', 2, 'INC-2');
  await until(() => delivered.length === 2);
  expect(toldAs()).toEqual(['INC-2 opened', 'INC-1 opened']);
});

test('1,000 copies of one event: one is delivered, and the journal does not grow', async () => {
  await start();
  const copies = async (count: number) => {
    for (let sent = 0; sent < count; sent += 50)
      await Promise.all(Array.from({ length: 50 }, () => postSigned(pagerduty('incident.triggered'))));
  };
  await copies(50);
  await until(() => delivered.length === 1);
  const before = (await readFile(journal())).length;
  await copies(950);
  expect(delivered).toHaveLength(1);
  expect((await readFile(journal())).length).toBe(before);
  const text = await incidents.metrics.registry.metrics();
  expect(text).toContain('rekindle_incident_events_dropped_total{source="pagerduty",reason="duplicate"} 999');
});

test('a full disk: 503 with the reason, so that the sender retries; afterwards as before', async () => {
  await start();
  await event('opened', 0);
  const free = await fillDisk(journal());
  const { status, json } = await event('opened', 1, 'INC-8');
  free();
  expect([status, json.failure?.remedy]).toEqual([503, 'Free space on its disk; senders retry']);
  expect(await event('opened', 1, 'INC-8')).toMatchObject({ status: 202 });
  await until(() => delivered.length === 2);
});

test('another gateway has the folder: 503 with the reason until it ends', async () => {
  const { release } = await lockOf(join(folder, 'state', 'incidents'));
  await start();
  const { status, json } = await event('opened', 0);
  expect([status, json.failure?.message]).toEqual([
    503,
    `Another gateway takes incidents with the folder ${join(folder, 'state', 'incidents')}`,
  ]);
  await release();
  await until(() => incidents.trouble() === undefined);
  expect(await event('opened', 0)).toMatchObject({ status: 202 });
});

async function lockOf(held: string) {
  await mkdir(held, { recursive: true });
  return lockFolder(held);
}

describe("the incidents' file", () => {
  const path = () => join(folder, 'incidents.yaml');
  const metric = async () => /rekindle_incidents_file_valid (\d)/.exec(await incidents.metrics.registry.metrics())?.[1];

  test('a mistake: the old one stays in force, and log, metric and readiness say so; repaired, it counts', async () => {
    await start();
    await writeFile(path(), file.replace('keys:', 'keey:'));
    await until(() => incidents.trouble() !== undefined);
    expect(incidents.trouble()?.message).toContain('sources.pagerduty.keey: unknown key; did you mean "keys"?');
    expect(log).toContain("The incidents' file cannot be used: the one before it stays in force");
    expect(await metric()).toBe('0');
    // What the page shows.
    expect(incidents.warnings()).toEqual([
      {
        message: expect.stringMatching(
          /^The incidents' file cannot be used, the one before it stays in force: .*keey/s,
        ) as string,
        remedy: expect.any(String) as string,
      },
    ]);
    expect(await postSigned(pagerduty('incident.triggered'))).toMatchObject({ status: 202 });
    await writeFile(path(), file.replace('restore', 'backup'));
    await until(() => incidents.trouble() === undefined);
    expect(incidents.warnings()).toEqual([]);
    expect(await metric()).toBe('1');
    expect(await event('opened', 0)).toMatchObject({ json: { answer: 'Accepted: opened, backup of nuvla' } });
  });

  test('a rule for a platform whose file comes later counts from then on', async () => {
    await start();
    await writeFile(path(), file.replace('platform: nuvla', 'platform: shop'));
    await until(() => incidents.trouble() !== undefined);
    await writeFile(join(folder, 'shop.yaml'), '');
    await until(() => incidents.trouble() === undefined);
    expect(await event('opened', 0)).toMatchObject({ json: { answer: 'Accepted: opened, restore of shop' } });
  });

  test('a key that is rotated counts at once', async () => {
    const secret = join(folder, 'key');
    await writeFile(secret, keys.old);
    await writeFile(path(), file.replace('{ env: PD_OLD }, { env: PD_NEW }', `{ file: ${secret} }`));
    await start();
    expect(await postSigned(pagerduty('incident.triggered'), keys.old)).toMatchObject({ status: 202 });
    await writeFile(secret, keys.new);
    const before = Date.now();
    while ((await postSigned(pagerduty('incident.triggered'), keys.new)).status === 401)
      if (Date.now() - before > 20_000) throw new Error('still the old key');
    expect(await postSigned(pagerduty('incident.triggered'), keys.old)).toMatchObject({ status: 401 });
  });

  test('none in force yet: 503, so that the sender retries; a source it does not name: 404', async () => {
    await writeFile(path(), 'sources: {}');
    await start();
    expect(await event('opened', 0)).toMatchObject({ status: 503 });
    await writeFile(path(), file.replace(/  opsgenie.*\n/, ''));
    await until(() => incidents.trouble() === undefined);
    const answer = await post('opsgenie', '{}', { authorization: `Bearer ${token}` });
    expect(answer).toMatchObject({
      status: 404,
      json: { failure: { message: 'This gateway takes no incidents of opsgenie' } },
    });
  });
});
