import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { composeCommand } from '../../../setup/tools.mjs';
import { expecting } from '../../expecting.ts';
import { partsOf, textOf } from '../../markdown.ts';

// The images of this file cannot be pulled everywhere; that the file is one, and complete, is seen everywhere.

const project = fileURLToPath(new URL('../../..', import.meta.url));
const compose = await composeCommand();

interface ComposeFile {
  services: Record<
    string,
    {
      image: string;
      environment?: Record<string, string>;
      healthcheck?: { test?: string[] };
      group_add?: string[];
      ports?: unknown;
      volumes?: unknown;
      secrets?: unknown;
      depends_on?: unknown;
    }
  >;
  volumes: Record<string, unknown>;
}

/** What `.env` must hold, and nothing that Compose would take from the caller. */
const dotEnv = { TEMPORAL_DB_PASSWORD: 'only-a-test', REKINDLE_HOST: 'machine-1', DOCKER_GID: '998' };

/** `more`: files that are laid over it. */
async function resolvedWith(variables: Record<string, string>, ...more: string[]): Promise<ComposeFile> {
  const [program = '', ...words] = compose ?? [];
  const { PATH = '', HOME = '' } = process.env;
  const files = ['docker-compose.yml', ...more].flatMap((file) => ['-f', file]);
  const { stdout } = await promisify(execFile)(program, [...words, ...files, 'config'], {
    cwd: project,
    env: { PATH, HOME, ...variables },
  });
  return parse(stdout) as ComposeFile;
}

/** With the file that a page of the docs lays over it. */
async function resolvedWithDocs(page: string, variables: Record<string, string>): Promise<ComposeFile['services']> {
  const { blocks } = partsOf(textOf(page));
  const override = blocks.find(({ text }) => text.startsWith('# docker-compose.override.yml'))?.text ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'rkt-override-'));
  try {
    const file = join(folder, 'override.yml');
    await writeFile(file, override);
    return (await resolvedWith({ ...dotEnv, ...variables }, file)).services;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What most tests look at; none changes it. */
let usual: Promise<ComposeFile> | undefined;
const resolved = () => (usual ??= resolvedWith(dotEnv));

/** The names that Rekindle asks its environment for, as config/environment.ts has them, and the two of traces that most need. */
async function variablesOfRekindle(): Promise<string[]> {
  const source = `${await readFile(`${project}/config/environment.ts`, 'utf8')}
    variables['TEMPORAL_ADDRESS'] variables['TEMPORAL_NAMESPACE']
    variables['OTEL_EXPORTER_OTLP_ENDPOINT'] variables['OTEL_EXPORTER_OTLP_HEADERS']`;
  const asked = [...source.matchAll(/variables\['([A-Z_]+)'\]/g)].flatMap(([, name]) => name ?? []);
  return [...new Set(asked)].filter((name) => name !== 'HOME').toSorted();
}

(compose === undefined ? describe.skip : describe)('docker-compose.yml, as the Compose tool reads it', () => {
  it('is valid and starts Temporal with its database and UI, Rekindle and its gateway', async () => {
    const { services, volumes } = await resolved();
    expect(Object.keys(services).toSorted()).toEqual(['gateway', 'rekindle', 'temporal', 'temporal-db', 'temporal-ui']);
    expect(Object.keys(volumes).toSorted()).toEqual(['gateway-state', 'temporal-db']);
    expect(services['rekindle']?.group_add).toEqual(['998']);
  });

  it('gives Rekindle every variable that it reads, worker and gateway each their own', async () => {
    const { services } = await resolved();
    const given = (service: string) => Object.keys(services[service]?.environment ?? {}).toSorted();
    const asked = await variablesOfRekindle();
    expect(asked).toContain('REKINDLE_KEY_FILE');
    const gatewayAlone = ['REKINDLE_GATEWAY_ADDRESS', 'REKINDLE_GATEWAY_FILE'];
    // The gateway's public key lies in the state folder, which they share.
    const byDefault = ['REKINDLE_APPROVAL_KEYS'];
    // Of the command line, somewhere else.
    const ofClients = ['REKINDLE_GATEWAY_URL'];
    const others = [...gatewayAlone, ...byDefault, ...ofClients];
    expect(given('rekindle')).toEqual(asked.filter((name) => !others.includes(name)));
    const both = [
      'REKINDLE_INCIDENTS_FILE',
      'REKINDLE_LOG_LEVEL',
      'REKINDLE_PAYLOAD_KEY_FILE',
      'REKINDLE_PLATFORMS',
      'REKINDLE_STATE',
      'REKINDLE_TASK_QUEUE',
      'REKINDLE_TEMPORAL_UI',
      'REKINDLE_URL',
      'TEMPORAL_ADDRESS',
      'TEMPORAL_NAMESPACE',
    ];
    const ofTheGateway = [...gatewayAlone, ...both];
    expect(given('gateway')).toEqual(ofTheGateway);
    expect(asked).toEqual(expect.arrayContaining(ofTheGateway));
  });

  it("keeps Docker's socket from the gateway, which waits for nobody", async () => {
    const { gateway, rekindle } = (await resolved()).services;
    expect(JSON.stringify(rekindle)).toContain('docker.sock');
    expect(JSON.stringify(gateway)).not.toContain('docker.sock');
    expect(gateway?.depends_on).toBeUndefined();
  });

  it('listens in the container where it is published and where its health is asked for', async () => {
    const { gateway } = (await resolved()).services;
    expect(gateway?.environment?.['REKINDLE_GATEWAY_ADDRESS']).toBe('0.0.0.0:18080');
    expect(gateway?.healthcheck?.test?.join(' ')).toContain('http://127.0.0.1:18080/healthz');
    expect(JSON.stringify(gateway?.ports)).toMatch(/18080.*18080/);
    const elsewhere = (await resolvedWith({ ...dotEnv, GATEWAY_BIND: '192.0.2.7' })).services['gateway']?.ports;
    expect(JSON.stringify(elsewhere)).toContain('192.0.2.7');
  });

  it('watches the health of each service that another one waits for', async () => {
    const { services } = await resolved();
    for (const name of ['temporal-db', 'temporal', 'rekindle', 'gateway'])
      expecting(services[name]?.healthcheck, name).toBeDefined();
  });

  it('names what is missing in .env', async () => {
    for (const name of Object.keys(dotEnv)) {
      const others = Object.fromEntries(Object.entries(dotEnv).filter(([other]) => other !== name));
      const failure = await resolvedWith(others).catch((error: unknown) => error);
      expecting(failure, name).toMatchObject({ message: expect.stringMatching(/in \.env/) as string });
    }
  });

  it('gives worker and gateway the incidents and their secrets as the docs lay it over, besides their own', async () => {
    const services = await resolvedWithDocs('docs/incidents.md', {
      REKINDLE_INCIDENTS_FILE: '/etc/rekindle/incidents.yaml',
    });
    for (const name of ['gateway', 'rekindle']) {
      const { environment, volumes, secrets } = services[name] ?? {};
      expecting(JSON.stringify(volumes), name).toContain(environment?.['REKINDLE_INCIDENTS_FILE']);
      expecting(JSON.stringify(volumes), name).toContain('/etc/rekindle/platforms');
      expecting(JSON.stringify(secrets), name).toMatch(/alertmanager.*s3_|s3_.*alertmanager/);
    }
  });

  it('gives the worker alone the hosts that have none, with all that their file names', async () => {
    const { rekindle, gateway } = await resolvedWithDocs('docs/hosts.md', {
      REKINDLE_HOSTS_FILE: '/etc/rekindle/hosts.yaml',
    });
    const given = JSON.stringify([rekindle?.volumes, rekindle?.secrets]);
    expect(given).toContain(rekindle?.environment?.['REKINDLE_HOSTS_FILE']);
    const { blocks } = partsOf(textOf('docs/hosts.md'));
    const hosts = blocks.find(({ text }) => text.startsWith('# hosts.yaml'))?.text ?? '';
    const named = [...hosts.matchAll(/\/etc\/rekindle\/[\w.-]+|(?<=\/run\/secrets\/)\w+/g)].map(([place]) => place);
    expect(named).toHaveLength(4);
    for (const place of named) expect(given).toContain(place);
    // Whoever holds these is root on the other hosts.
    expect(JSON.stringify(gateway)).not.toMatch(/hosts\.yaml|docker_key|ssh_key/);
  });

  it('publishes ports to this machine alone', async () => {
    const { services } = await resolved();
    for (const [name, { ports }] of Object.entries(services))
      if (ports !== undefined) expecting(JSON.stringify(ports), name).toContain('127.0.0.1');
    expect(services['rekindle']?.ports).toBeUndefined();
  });
});

describe('docker-compose.yml', () => {
  it('runs the image of this version', async () => {
    const { version } = JSON.parse(await readFile(`${project}/package.json`, 'utf8')) as { version: string };
    const { services } = parse(await readFile(`${project}/docker-compose.yml`, 'utf8')) as ComposeFile;
    for (const name of ['rekindle', 'gateway']) expecting(services[name]?.image, name).toBe(`rekindle:${version}`);
  });
});
