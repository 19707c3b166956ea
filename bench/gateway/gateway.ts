import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { say } from '../rig.ts';
import { openRig, type GatewayRig } from './gateway-rig.ts';
import { countInTemporal } from './temporal.ts';
import { load, sendUntilTaken, signedEvent, type Amount, type Signed } from './sender.ts';

/**
 * Signed webhooks: how many a second and how fast, copies of one event, and what is left of `events` when the gateway is
 * killed in the middle. Fails when one is lost, refused, or begins an incident twice.
 */
export async function benchGateway({ seconds, events }: { seconds: number; events: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-bench-gateway-'));
  try {
    const rig = await openRig(folder);
    await measure(rig, seconds, events);
    await killInTheMiddle(rig, events);
    await countInTemporal(rig);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const target = '(target: 1,000/s, p99 under 100 ms)';

async function measure({ url, ledger, start }: GatewayRig, seconds: number, copies: number): Promise<void> {
  const gateway = await start();
  const used = async () => (await (await fetch(`${url}/used`)).json()) as { megabytes: number; cpuMs: number };
  let number = 0;
  const fresh = () => signedEvent((number += 1));
  const run = async (what: string, amount: Amount, next: () => Signed, targets: string) => {
    const before = await used();
    const { taken, perSecond, p50, p99, max, failed, ...took } = await load(url, amount, next);
    const after = await used();
    const cpu = ((after.cpuMs - before.cpuMs) / taken).toFixed(2);
    say(
      `${what}: ${Math.round(perSecond)} webhooks/s for ${took.seconds.toFixed(1)} s, p50 ${p50} ms, p99 ${p99} ms, ` +
        `slowest ${max} ms ${targets}; ${cpu} ms of processor time each; memory ${before.megabytes} to ${after.megabytes} MB`,
    );
    if (failed > 0) throw new Error(`${failed} requests were refused`);
  };
  try {
    await load(url, { seconds: 3 }, fresh);
    await run('as many as go', { seconds }, fresh, target);
    await run('1,000 a second', { seconds, rate: 1000 }, fresh, target);
    const [copy, again] = [signedEvent(0), signedEvent(-1)];
    // Below the gateway's limit of a sender (5,000 a second), which would refuse some.
    const rate = 2000;
    await run('warm-up with copies', { count: copies, rate }, () => again, '');
    await run(
      `${copies} copies of one event`,
      { count: copies, rate },
      () => copy,
      '(target: within 60 s, memory flat)',
    );
    const delivered = (await ledger()).filter((line) => line.endsWith(' DELIVERY0')).length;
    say(`of these ${copies} copies, ${delivered} was delivered (target: 1)`);
    if (delivered !== 1) throw new Error(`One event was delivered ${delivered} times`);
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
      `${events} events, SIGKILL after ${Math.round(events / 2)}: ${lost} lost, ${found.size - (events - lost)} made up (target: 0 and 0); ` +
        `${twice} delivered again after the kill (their workflows drop them), ${retried} attempts had to be repeated`,
    );
    if (lost > 0 || found.size > events) throw new Error('Events were lost or made up');
  } finally {
    await gateway.stop();
  }
}
