import type { ContainerInspectInfo, NetworkInspectInfo } from 'dockerode';
import { createBody } from '../../../systems/docker/capture/create-body.ts';
import { repositoryOf } from '../../../systems/docker/image-version.ts';
import { networkBody } from '../../../systems/docker/networks.ts';
import { idFromMounts } from '../../../systems/docker/own-container.ts';

const id = 'abcdef012345' + '0'.repeat(52);
const other = 'f'.repeat(64);

function inspected(change: { config?: object; host?: object; networks?: object; mounts?: object[] } = {}) {
  return {
    Id: id,
    Config: {
      Hostname: 'abcdef012345',
      Env: ['A=1'],
      Labels: { 'com.docker.compose.service': 'db', 'com.docker.compose.replace': other },
      Healthcheck: { Test: ['CMD', 'true'] },
      OnBuild: null,
      MacAddress: '',
      ...change.config,
    },
    HostConfig: {
      NetworkMode: 'back',
      ContainerIDFile: '/x',
      RestartPolicy: { Name: 'always' },
      Binds: null,
      ...change.host,
    },
    Mounts: change.mounts ?? [],
    NetworkSettings: {
      Networks: change.networks ?? {
        back: {
          Aliases: ['db', 'abcdef012345'],
          IPAMConfig: { IPv4Address: '10.0.0.9', IPv6Address: '' },
          NetworkID: other,
          EndpointID: other,
          IPAddress: '10.0.0.9',
          MacAddress: '02:42:0a:00:00:09',
          Links: null,
          DriverOpts: null,
        },
      },
    },
  } as unknown as ContainerInspectInfo;
}

const none = new Map<string, string>();

describe('the body that creates a container again', () => {
  test('keeps what was asked for and drops what the engine made', () => {
    expect(createBody(inspected(), none)).toEqual({
      Env: ['A=1'],
      Labels: { 'com.docker.compose.service': 'db' },
      Healthcheck: { Test: ['CMD', 'true'] },
      HostConfig: { NetworkMode: 'back', RestartPolicy: { Name: 'always' }, Binds: null },
      NetworkingConfig: { EndpointsConfig: { back: { Aliases: ['db'], IPAMConfig: { IPv4Address: '10.0.0.9' } } } },
    });
  });

  test('keeps a host name that somebody chose, unless it is the host’s', () => {
    expect(createBody(inspected({ config: { Hostname: 'db1' } }), none)).toMatchObject({ Hostname: 'db1' });
    const onHost = inspected({ config: { Hostname: 'db1' }, host: { NetworkMode: 'host' }, networks: { host: {} } });
    expect(createBody(onHost, none)).not.toHaveProperty('Hostname');
    expect(createBody(onHost, none)).toMatchObject({ NetworkingConfig: { EndpointsConfig: {} } });
  });

  test('names the container whose network it shares, and turns links back into what was asked for', () => {
    const shares = inspected({
      host: { NetworkMode: `container:${other}`, Links: ['/a/b:x', '/db:/web/store'] },
      networks: {},
    });
    expect(createBody(shares, new Map([[other, 'shop_proxy_1']]))).toMatchObject({
      HostConfig: { NetworkMode: 'container:shop_proxy_1', Links: ['/a/b:x', 'db:store'] },
    });
  });

  test('keeps what came from another container (volumes_from), and needs that one no more', () => {
    const mounts = [
      { Type: 'volume', Name: 'data', Destination: '/data', RW: true },
      { Type: 'bind', Source: '/srv/conf', Destination: '/conf', RW: false },
    ];
    const body = createBody(inspected({ host: { VolumesFrom: [`${other}:rw`] }, mounts }), none);
    expect(body['HostConfig']).toMatchObject({ VolumesFrom: null, Binds: ['data:/data:rw', '/srv/conf:/conf:ro'] });
  });

  test('keeps anonymous volumes by their names, and no volume twice', () => {
    const mounts = [
      { Type: 'volume', Name: other, Destination: '/anonymous', RW: true },
      { Type: 'volume', Name: 'data', Destination: '/data', RW: true },
      { Type: 'volume', Name: 'more', Destination: '/more', RW: false },
      { Type: 'volume', Name: id, Destination: '/sourceless', RW: true },
    ];
    const host = {
      Binds: ['data:/data:rw'],
      Mounts: [
        { Type: 'volume', Source: 'more', Target: '/more' },
        { Type: 'volume', Target: '/sourceless' },
      ],
    };
    expect(createBody(inspected({ mounts, host }), none)).toMatchObject({
      HostConfig: {
        Binds: ['data:/data:rw', `${other}:/anonymous:rw`],
        Mounts: [host.Mounts[0], { Type: 'volume', Target: '/sourceless', Source: id }],
      },
    });
  });
});

test('a network keeps its addresses and loses the overlay driver’s ids', () => {
  const network = {
    Name: 'back',
    Id: other,
    Driver: 'overlay',
    EnableIPv6: false,
    Internal: false,
    Attachable: true,
    ConfigOnly: false,
    ConfigFrom: { Network: '' },
    IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '10.0.0.0/24' }] },
    Options: { 'com.docker.network.driver.overlay.vxlanid_list': '4097', encrypted: '' },
    Labels: null,
  } as unknown as NetworkInspectInfo;
  expect(networkBody(network).create).toEqual({
    Name: 'back',
    Driver: 'overlay',
    EnableIPv6: false,
    Internal: false,
    Attachable: true,
    ConfigOnly: false,
    IPAM: { Driver: 'default', Options: {}, Config: [{ Subnet: '10.0.0.0/24' }] },
    Options: { encrypted: '' },
    Labels: {},
  });
});

test('a repository is the reference without tag and digest', () => {
  expect(repositoryOf('node')).toBe('node');
  expect(repositoryOf('host:5000/a/node:20')).toBe('host:5000/a/node');
  expect(repositoryOf('host:5000/node')).toBe('host:5000/node');
  expect(repositoryOf('node:20@sha256:00')).toBe('node');
});

test('our own container is recognised by what the engine mounts, not by ids that the host sees', () => {
  const inside = `700 690 254:1 /var/lib/docker/containers/${id}/hostname /etc/hostname rw - ext4 /dev/sda rw`;
  const onHost = `88 24 0:52 / /var/lib/docker/containers/${id}/mounts/shm rw - tmpfs shm rw`;
  expect(idFromMounts(`${onHost}\n${inside}\n`)).toBe(id);
  expect(idFromMounts(onHost)).toBeUndefined();
});
