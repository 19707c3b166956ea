import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../cli/servers/temporal-server.ts';
import { serve, type Served } from '../command.ts';
import { signingKey } from './sender.ts';

const file = `
sources: { pagerduty: { keys: [{ env: BENCH_SIGNING_KEY }] } }
rules: [{ match: { service: Nuvla }, platform: nuvla, action: check }]
`;

export interface GatewayRig {
  url: string;
  /** What reached the workflows' place, line by line. */
  ledger: () => Promise<string[]>;
  start: (more?: NodeJS.ProcessEnv) => Promise<Served>;
}

export async function openRig(folder: string): Promise<GatewayRig> {
  await writeFile(join(folder, 'nuvla.yaml'), '');
  await writeFile(join(folder, 'incidents.yaml'), file);
  const port = await freePort(0);
  const ledger = join(folder, 'ledger');
  await writeFile(ledger, '');
  const environment = {
    REKINDLE_PLATFORMS: folder,
    REKINDLE_INCIDENTS_FILE: join(folder, 'incidents.yaml'),
    REKINDLE_STATE: join(folder, 'state'),
    BENCH_SIGNING_KEY: signingKey,
    BENCH_PORT: String(port),
  };
  const program = new URL('process.js', import.meta.url).pathname;
  return {
    url: `http://127.0.0.1:${port}`,
    ledger: async () => (await readFile(ledger, 'utf8')).split('\n').filter((line) => line !== ''),
    start: (more = { BENCH_LEDGER: ledger }) =>
      serve([process.execPath, program], {
        environment: { ...environment, ...more },
        ready: 'listening',
        seconds: 120,
      }),
  };
}
