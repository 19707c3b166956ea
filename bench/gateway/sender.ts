import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';

export const signingKey = 'the signing key of the bench';

export interface Signed {
  body: string;
  headers: Record<string, string>;
}

/** A webhook as PagerDuty sends it, of its own incident. */
export function signedEvent(number: number): Signed {
  const body = JSON.stringify({
    event: {
      id: `DELIVERY${number}`,
      event_type: 'incident.triggered',
      resource_type: 'incident',
      occurred_at: new Date().toISOString(),
      data: {
        id: `INCIDENT${number}`,
        type: 'incident',
        html_url: `https://acme.pagerduty.com/incidents/INCIDENT${number}`,
        number,
        status: 'triggered',
        title: `Elasticsearch of nuvla is down (${number})`,
        service: { id: 'P1SRV01', summary: 'Nuvla' },
        priority: { summary: 'P1' },
        urgency: 'high',
      },
    },
  });
  const signature = createHmac('sha256', signingKey).update(body).digest('hex');
  return { body, headers: { 'x-pagerduty-signature': `v1=${signature}`, 'content-type': 'application/json' } };
}

export interface Load {
  taken: number;
  seconds: number;
  perSecond: number;
  p50: number;
  p99: number;
  max: number;
  failed: number;
}

/** For how long, or how many; `rate` requests a second, or as many as go. */
export interface Amount {
  seconds?: number;
  count?: number;
  rate?: number;
}

/** Milliseconds; waiting for a late server counts. */
export async function load(url: string, { seconds, count, rate }: Amount, next: () => Signed): Promise<Load> {
  const result = await autocannon({
    url: `${url}/incidents/pagerduty`,
    connections: 20,
    ...(seconds !== undefined && { duration: seconds }),
    ...(count !== undefined && { amount: count }),
    ...(rate !== undefined && { overallRate: rate }),
    requests: [{ method: 'POST', setupRequest: (given) => ({ ...given, ...next() }) }],
  });
  const { latency, requests, non2xx, errors } = result;
  return {
    taken: requests.total,
    seconds: result.duration,
    perSecond: requests.total / result.duration,
    p50: latency.p50,
    p99: latency.p99,
    max: latency.max,
    failed: non2xx + errors,
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: 50 });

/** As incident tools do: again and again until it is answered with 2xx. The number of attempts that were not. */
export async function sendUntilTaken(url: string, event: Signed): Promise<number> {
  for (let failed = 0; ; failed++) {
    const status = await send(url, event).catch(() => 0);
    if (status >= 200 && status < 300) return failed;
    await pause(50);
  }
}

function send(url: string, { body, headers }: Signed): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/incidents/pagerduty`,
      { method: 'POST', agent, headers, timeout: 5000 },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', reject);
      },
    );
    sent.once('timeout', () => sent.destroy(new Error('no answer within 5 s')));
    sent.once('error', reject);
    sent.end(body);
  });
}
