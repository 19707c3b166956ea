import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { freePort } from '../../cli/servers/temporal-server.ts';
import { serve } from '../command.ts';
import { residentMegabytes } from '../resident-memory.ts';
import { say } from '../rig.ts';
import { heapMegabytes } from './browser.ts';

const samples = 6;
/** Counts what the page is sent; the page itself is left as it is. */
const counting = `
  window.eventsSeen = 0;
  const Original = window.EventSource;
  window.EventSource = class extends Original {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', () => (window.eventsSeen += 1));
    }
  };
`;

/** So many events of the list of platforms, as fast as the browser takes them; prints the memory of both sides. */
export async function benchEvents(
  browser: Browser,
  { folder, platforms, events }: { folder: string; platforms: number; events: number },
): Promise<void> {
  const port = await freePort(0);
  const gateway = await serve([process.execPath, new URL('events-process.js', import.meta.url).pathname], {
    environment: {
      REKINDLE_STATE: join(folder, 'events'),
      BENCH_PORT: String(port),
      BENCH_PLATFORMS: String(platforms),
    },
    ready: 'listening',
    seconds: 60,
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    await context.addInitScript(counting);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await page.goto(`http://127.0.0.1:${port}/#/`);
    const seen = async (count: number) => {
      const since = Date.now();
      while ((await page.evaluate<number>('window.eventsSeen')) < count) {
        if (Date.now() - since > 600_000) throw new Error(`Fewer than ${count} events came within 600 s`);
        await pause(100);
      }
    };
    const began = Date.now();
    for (let sample = 0; sample <= samples; sample++) {
      // The first ones are warm-up.
      await seen(events / 20 + (events * sample) / samples);
      const [heap, resident] = [await heapMegabytes(devtools), await residentMegabytes(gateway.pid)];
      say(
        `${Math.round((events * sample) / samples)} events: page ${heap.toFixed(1)} MB after garbage collection, ` +
          `gateway ${resident.toFixed(0)} MB (target: flat)`,
      );
    }
    if ((await page.locator('a.platform').count()) === 0) throw new Error('The page shows no platform any more');
    say(`${events} events of ${platforms} platforms in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  } finally {
    await context.close();
    await gateway.stop();
  }
}
