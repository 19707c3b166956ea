import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { say } from '../rig.ts';
import { openRig, type GatewayRig } from './gateway-rig.ts';
import { countInTemporal } from './temporal.ts';
import { load, sendUntilTaken, signedEvent, type Signed } from './sender.ts';

/**
 * Signed webhooks: how many a second and how fast, copies of one event, and what is left of `events` when the gateway is
 * killed in the middle. Fails when one is lost, refused, or begins an incident twice.
 */
export async function benchGateway({ seconds, events }: { seconds: number; events: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-bench-gateway-'));
  try {
    const rig = await openRig(folder);
    await measure(rig, seconds);
    await killInTheMiddle(rig, events);
    await countInTemporal(rig);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure({ url, start }: GatewayRig, seconds: number): Promise<void> {
  const gateway = await start();
  const used = async () => (await (await fetch(`${url}/used`)).json()) as { megabytes: number; cpuMs: number };
  let number = 0;
  const fresh = () => signedEvent((number += 1));
  const copy: Signed = signedEvent(0);
  const run = async (what: string, next: () => Signed, rate?: number) => {
    const before = await used();
    const { taken, perSecond, p50, p99, max, failed } = await load(url, seconds, next, rate);
    const after = await used();
    const cpu = ((after.cpuMs - before.cpuMs) / taken).toFixed(2);
    say(
      `${what}: ${Math.round(perSecond)} webhooks/s, p50 ${p50} ms, p99 ${p99} ms, slowest ${max} ms; ` +
        `${cpu} ms of processor time each; memory ${before.megabytes} to ${after.megabytes} MB`,
    );
    if (failed > 0) throw new Error(`${failed} requests were refused`);
  };
  try {
    await load(url, 3, fresh);
    await run('as many as go', fresh);
    await run('1,000 a second', fresh, 1000);
    await run('copies of one event', () => copy);
  } finally {
    await gateway.stop();
  }
}

async function killInTheMiddle({ url, ledger, start }: GatewayRig, events: number): Promise<void> {
  let gateway = await start();
  const known = (await ledger()).length;
  const limit = pLimit(50);
  let [taken, retried] = [0, 0];
  let restarting: Promise<void> | undefined;
  const restart = async () => {
    await gateway.kill();
    gateway = await start();
  };
  try {
    const one = async (number: number) => {
      retried += await sendUntilTaken(url, signedEvent(number));
      taken += 1;
      if (taken >= events / 2) restarting ??= restart();
    };
    const base = 1_000_000_000;
    await Promise.all(Array.from({ length: events }, (_, index) => limit(() => one(base + index))));
    await restarting;
    const wanted = Array.from({ length: events }, (_, index) => `opened pagerduty DELIVERY${base + index}`);
    const found = new Map<string, number>();
    for (let waited = 0; found.size < events && waited < 60; waited++) {
      found.clear();
      for (const line of (await ledger()).slice(known)) {
        const said = line.slice(line.indexOf(' ') + 1);
        found.set(said, (found.get(said) ?? 0) + 1);
      }
      await pause(500);
    }
    const lost = wanted.filter((one) => !found.has(one)).length;
    const twice = [...found.values()].filter((count) => count > 1).length;
    say(
      `${events} events, SIGKILL after ${Math.round(events / 2)}: ${lost} lost, ${found.size - (events - lost)} made up; ` +
        `${twice} delivered again after the kill (their workflows drop them), ${retried} attempts had to be repeated`,
    );
    if (lost > 0 || found.size > events) throw new Error('Events were lost or made up');
  } finally {
    await gateway.stop();
  }
}
