import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { findTemporal, freePort, startTemporalServer } from '../../cli/servers/temporal-server.ts';
import { say } from '../rig.ts';
import type { GatewayRig } from './gateway-rig.ts';
import { sendUntilTaken, signedEvent } from './sender.ts';

const events = 200;

/** The same with a real Temporal, in small: the gateway is killed in the middle, and each event has one workflow. */
export async function countInTemporal({ url, start }: GatewayRig): Promise<void> {
  const temporal = await startTemporalServer({
    command: findTemporal(process.env),
    port: await freePort(0),
    uiPort: await freePort(0),
  });
  const connection = await Connection.connect({ address: temporal.address });
  const environment = { TEMPORAL_ADDRESS: temporal.address };
  let gateway = await start(environment);
  try {
    const base = 2_000_000_000;
    const half = (from: number) =>
      Promise.all(
        Array.from({ length: events / 2 }, (_, index) => sendUntilTaken(url, signedEvent(base + from + index))),
      );
    await half(0);
    await gateway.kill();
    gateway = await start(environment);
    // The first ones once more, as a tool does that got no answer.
    await Promise.all([half(0), half(events / 2)]);
    const client = new Client({ connection });
    let count = 0;
    for (let waited = 0; count < events && waited < 60; waited++) {
      await pause(500);
      ({ count } = await client.workflow.count("WorkflowType = 'incident'"));
    }
    say(`${events} events and a SIGKILL with a real Temporal: ${count} workflows`);
    if (count !== events) throw new Error(`${count} workflows instead of ${events}`);
  } finally {
    await gateway.stop();
    await connection.close();
    await temporal.stop();
  }
}
