import type { ServiceSpec } from '../../../../systems/docker/swarm/service.ts';

/** Of `db_es`, as the engine has it. */
export const replicated = (): ServiceSpec => ({
  Name: 'db_es',
  Labels: { 'com.docker.stack.namespace': 'db' },
  TaskTemplate: {
    ContainerSpec: {
      Image: 'nuvla/es:8.11.3.0',
      Env: ['A=b'],
      Command: ['entry'],
      Args: ['server'],
      Hosts: ['10.0.0.9 store bucket'],
      Mounts: [
        { Type: 'volume', Source: 'db_esdata', Target: '/data/' },
        { Type: 'volume', Target: '/anonymous' },
        { Type: 'tmpfs', Target: '/tmp' },
      ],
      Secrets: [{ SecretID: 'id-1', SecretName: 's3_access_key', File: { Name: 's3_access_key', Mode: 292 } }],
      Configs: [{ ConfigID: 'id-2', ConfigName: 'settings', File: { Name: '/etc/settings' } }],
    },
    Placement: { Constraints: ['node.labels.worker-db==true'] },
    Networks: [{ Target: 'network-id', Aliases: ['es'] }],
  },
  Mode: { Replicated: { Replicas: 3 } },
  EndpointSpec: { Mode: 'dnsrr' },
});

export const global = (): ServiceSpec => {
  const spec = replicated();
  return { ...spec, Name: 'ops_agent', Mode: { Global: {} }, TaskTemplate: { ...spec.TaskTemplate, Placement: {} } };
};
