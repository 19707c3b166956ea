import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IncidentAction } from '../../../domain/incidents/incident.ts';
import { serve, type Served } from '../status/gateway-process.ts';
import type { Environment, Scenario } from './index.ts';

/** A gateway with access control that takes incidents of a generic tool. */
export interface GatewayScene {
  url: string;
  /** What the gateway was given: a worker needs the same, to believe it and to report back. */
  environment: Environment;
  /** Makes an approver; answers their token. */
  readonly tokenOf: (name: string) => Promise<string>;
  /** As the incident tool; answers the workflow's id. */
  readonly say: (what: 'opened' | 'resolved', title: string) => Promise<string>;
}

/** For one file of tests. `action`: of an incident, whatever it is. Call it after `useScenario`. */
export function useGateway(
  scenario: Scenario,
  action: IncidentAction,
  more: () => Environment = () => ({}),
): GatewayScene {
  const scene = {} as GatewayScene;
  const bearer = `t0ken-${randomBytes(12).toString('hex')}`;
  let folder: string | undefined;
  let gateway: Served<{ gateway: { url: string } }> | undefined;
  beforeAll(async () => {
    const { project } = scenario.platform;
    folder = await mkdtemp(join(tmpdir(), `${project}-gateway-`));
    const file = join(folder, 'incidents.yaml');
    const sources = { generic: { bearer: { env: 'INCIDENTS_BEARER' } } };
    await writeFile(file, JSON.stringify({ sources, rules: [{ platform: project, action }] }));
    const environment = {
      ...more(),
      REKINDLE_STATE: join(folder, 'state'),
      REKINDLE_INCIDENTS_FILE: file,
      INCIDENTS_BEARER: bearer,
    };
    const address = { REKINDLE_GATEWAY_ADDRESS: '127.0.0.1:0' };
    gateway = await serve(['gateway'], { ...scenario.environment, ...environment, ...address });
    const { url } = gateway.document.gateway;
    Object.assign(scene, {
      url,
      environment,
      tokenOf: async (name) => {
        const create = ['token', 'create', '--name', name, '--role', 'approver', '--json'];
        return ((await scenario.rekindle(create, { environment })).json as { token: string }).token;
      },
      say: async (what, title) => {
        const headers = { authorization: `Bearer ${bearer}`, 'idempotency-key': randomBytes(8).toString('hex') };
        const body = JSON.stringify({ incident: 'INC-7', what, title });
        const answer = await fetch(`${url}/incidents/generic`, { method: 'POST', headers, body });
        const { incident } = (await answer.json()) as { incident?: string };
        if (answer.status !== 202) throw new Error(`the gateway answers ${answer.status}`);
        return `incident/${incident ?? ''}`;
      },
    } satisfies GatewayScene);
  });
  afterAll(async () => {
    await gateway?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  return scene;
}
