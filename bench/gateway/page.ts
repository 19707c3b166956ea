import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { PlatformRow } from '../../api/types.ts';
import { findTemporal, freePort, startTemporalServer } from '../../cli/servers/temporal-server.ts';
import { serve } from '../command.ts';
import { rekindleProgram } from '../files.ts';
import { residentMegabytes } from '../resident-memory.ts';
import { say } from '../rig.ts';
import { median } from '../timeline.ts';
import { timeToSee, withBrowser } from './browser.ts';
import { benchEvents } from './events.ts';
import { writePlatforms, type ManyPlatforms } from './many-platforms.ts';

export interface PageOptions {
  platforms: number;
  points: number;
  /** Of the list of platforms; 3,600 are an hour with a change in each second. */
  events: number;
}

const rounds = 5;

/**
 * The page of a gateway with many platforms of many recovery points, in a real browser: its first view, and what browser
 * and gateway hold in memory over an hour of events. Fails when a platform is missing or its state is wrong.
 */
export async function benchPage({ platforms, points, events }: PageOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-bench-page-'));
  try {
    say(`page: ${((await compressedBytes()) / 1000).toFixed(1)} kB compressed (target: under 100)`);
    const written = await writePlatforms(folder, platforms, points);
    await withBrowser(async (browser) => {
      await firstViews(browser, folder, written);
      await benchEvents(browser, { folder, platforms, events });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compressedBytes(): Promise<number> {
  const folder = fileURLToPath(new URL('../../page', import.meta.url));
  const files = (await readdir(folder)).filter((name) => name.endsWith('.br'));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function firstViews(browser: Browser, state: string, { folder, names }: ManyPlatforms): Promise<void> {
  const temporal = await startTemporalServer({
    command: findTemporal(process.env),
    port: await freePort(0),
    uiPort: await freePort(0),
  });
  const address = `127.0.0.1:${await freePort(0)}`;
  const environment = {
    REKINDLE_PLATFORMS: folder,
    REKINDLE_STATE: join(state, 'state'),
    REKINDLE_GATEWAY_ADDRESS: address,
    REKINDLE_LOG_LEVEL: 'warn',
    TEMPORAL_ADDRESS: temporal.address,
  };
  const program = [process.execPath, rekindleProgram, 'gateway'];
  // The first page of a browser that just started takes a second, whatever it shows.
  await timeToSee(browser, 'data:text/html,<p>open</p>', [(page) => page.locator('p')]);
  const gateway = await serve(program, { environment, ready: 'gateway at', seconds: 60 });
  try {
    const url = `http://${address}`;
    const list = () => timeToSee(browser, `${url}/#/`, [(page) => page.locator('a.platform')]);
    const [afterStart = 0] = await list();
    say(`list of ${names.length} platforms, the gateway just started: ${afterStart} ms (target: 1,500)`);
    await allKnown(url, names);
    const views: number[] = [];
    for (let round = 0; round < rounds; round++) views.push(...(await list()));
    say(`list, again: ${figures(views)} (target: 1,500); the gateway holds ${await resident(gateway.pid)}`);
    const [facts, table]: [number[], number[]] = [[], []];
    for (const name of names.slice(0, rounds)) {
      const [seen = 0, listed = 0] = await timeToSee(browser, `${url}/#/platforms/${name}`, [
        (page) => page.locator('dl.facts'),
        (page) => page.locator('table', { hasText: `Recovery points of ${name}` }).locator('tbody tr'),
      ]);
      facts.push(seen);
      table.push(listed);
    }
    say(`one platform: ${figures(facts)} (target: 1,500); its recovery points: ${figures(table)}`);
    say(`afterwards the gateway holds ${await resident(gateway.pid)}`);
  } finally {
    await gateway.stop();
    await temporal.stop();
  }
}

/** Until no row is unread; each must then be as its catalogue says. */
async function allKnown(url: string, names: string[]): Promise<void> {
  const began = Date.now();
  for (;;) {
    const rows = (await (await fetch(`${url}/api/v1/platforms`)).json()) as PlatformRow[];
    if (rows.length !== names.length) throw new Error(`${rows.length} platforms instead of ${names.length}`);
    const unknown = rows.filter(({ state }) => state === 'unknown');
    const seconds = (Date.now() - began) / 1000;
    if (unknown.length === 0) {
      const wrong = rows.find(({ state, newestGood }) => state !== 'good' || newestGood === undefined);
      if (wrong) throw new Error(`${wrong.platform} is ${wrong.state}: ${wrong.reason ?? 'no newest point'}`);
      say(`the state of all of them is known ${seconds.toFixed(1)} s later`);
      return;
    }
    if (seconds > 300) throw new Error(`${unknown.length} are unknown after 300 s: ${unknown[0]?.reason}`);
    await pause(500);
  }
}

const figures = (milliseconds: number[]) =>
  `median ${median(milliseconds)} ms, slowest ${Math.max(...milliseconds)} ms of ${milliseconds.length}`;
const resident = async (pid: number) => `${(await residentMegabytes(pid)).toFixed(0)} MB`;
