import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from '../../../domain/endpoints.ts';
import { connectDockerAt } from '../../../systems/docker/endpoints/connect-docker-at.ts';
import type { DockerEngine } from '../../../systems/docker/engine.ts';
import { ifThere } from '../../../systems/docker/failures.ts';
import { closeAll, useAtEnd } from '../../at-end.ts';
import { makeAuthority } from '../../certificates.ts';
import { startTlsProxy } from '../../engine-double.ts';
import { makeSshKey, startSshHost } from '../../ssh-server.ts';
import { docker, engine, failureOf, image, uniqueName } from './platform.ts';

// This machine's engine, as another host's: behind TLS with certificates on both sides, and behind an SSH server.

const socket = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace('unix://', '');
const closing: (() => unknown)[] = [];
const engines: Partial<Record<Endpoint['kind'], DockerEngine>> = {};
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  closing.push(() => rm(folder, { recursive: true }));
  const authority = makeAuthority('of the test');
  const own = authority.issue({ names: ['rekindle'] });
  const [ca, certificate] = [join(folder, 'ca.pem'), join(folder, 'cert.pem')];
  await writeFile(ca, authority.certificate);
  await writeFile(certificate, own.certificate);
  const proxy = await startTlsProxy(authority.issue(), authority.certificate, socket);
  const sshKey = makeSshKey();
  const host = await startSshHost({ authorized: [sshKey], socket });
  closing.push(
    () => proxy.close(),
    () => host.close(),
  );
  const key = { file: '/given/by/the/test' };
  engines.tls = connectDockerAt(
    { kind: 'tls', host: '127.0.0.1', port: proxy.port, tls: { ca, certificate, key } },
    () => Promise.resolve({ key: own.key }),
  );
  const hostKeys = [host.hostKey.fingerprint];
  engines.ssh = connectDockerAt(
    { kind: 'ssh', host: '127.0.0.1', port: host.port, user: 'ops', key, hostKeys, knownHosts: '/none' },
    () => Promise.resolve({ key: sshKey.private }),
  );
});
afterAll(() => closeAll(closing));
const atTestEnd = useAtEnd();

const through = (kind: Endpoint['kind']): DockerEngine => {
  const found = engines[kind];
  if (found === undefined) throw new Error(`no engine over ${kind}`);
  return found;
};

describe.each(['tls', 'ssh'] as const)('an engine over %s', (kind) => {
  test('is the same engine', async () => {
    expect(await through(kind).ping()).toEqual(await engine.ping());
  });

  test('side containers run there, with every line of their output', async () => {
    const name = uniqueName();
    atTestEnd(() => ifThere(docker.getContainer(name).remove({ force: true })));
    const lines: string[] = [];
    const { exitCode } = await through(kind).runContainer(
      {
        name,
        image,
        entrypoint: ['sh', '-c', 'seq 1 20000; exit 4'],
        arguments: [],
        environment: {},
        network: 'none',
        labels: { 'rekindle.run': name },
      },
      { onLine: (line) => lines.push(line) },
    );
    expect(exitCode).toBe(4);
    expect(lines).toHaveLength(20_000);
    expect(lines.at(-1)).toBe('20000');
  });

  test('commands run in containers, and read what they are given', async () => {
    const name = uniqueName();
    const container = await docker.createContainer({ name, Image: image, Entrypoint: ['sleep', '60'] });
    atTestEnd(() => container.remove({ force: true }));
    await container.start();
    const given = 'x'.repeat(300_000);
    const { exitCode, stdout } = await through(kind).exec(name, ['wc', '-c'], { stdin: given });
    expect([exitCode, stdout.trim()]).toEqual([0, '300000']);
    // Its own address is another container's here, or nobody's.
    expect(await failureOf(through(kind).reach(name, 80))).toMatchObject({ kind: 'HostWorkerMissing' });
  });

  test('data goes into quarantine and comes back', async () => {
    const volume = uniqueName();
    const run = `restore/${volume}/2026-05-01T10:00:00Z`;
    await docker.createVolume({ Name: volume });
    const there = through(kind);
    atTestEnd(async () => {
      await engine.releaseQuarantine({ run, volumes: [volume], image });
      await engine.removeVolume(volume);
    });
    await there.quarantineVolume({ volume, run, image });
    const aside = async () =>
      (await there.listQuarantine({ platform: 'rkt', image })).flatMap(({ volumes }) =>
        volumes.map(({ name }) => name),
      );
    expect(await aside()).toContain(volume);
    await there.returnVolume({ volume, run, image });
    expect(await aside()).not.toContain(volume);
  });
});
