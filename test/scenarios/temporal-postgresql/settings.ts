// cspell:ignore Conns Conn
import { type Postgresql, user } from './postgresql.ts';

export const portNames = [
  'frontend',
  'http',
  'history',
  'matching',
  'worker',
  'members1',
  'members2',
  'members3',
  'members4',
] as const;
export type Ports = Record<(typeof portNames)[number], number>;

/** The configuration of Temporal's server, with all four services in one process: docs/temporal.md describes it. */
export function settingsOf({ host, port, password }: Postgresql, ports: Ports): object {
  const sql = (databaseName: string, maxConns: number) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `${host}:${port}`,
      connectProtocol: 'tcp',
      user,
      password,
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  });
  const service = (grpcPort: number, membershipPort: number, more: object = {}) => ({
    rpc: { grpcPort, membershipPort, bindOnLocalHost: true, ...more },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      numHistoryShards: 4,
      defaultStore: 'default',
      visibilityStore: 'visibility',
      datastores: { default: sql('temporal', 20), visibility: sql('temporal_visibility', 10) },
    },
    global: { membership: { broadcastAddress: '127.0.0.1' } },
    services: {
      frontend: service(ports.frontend, ports.members1, { httpPort: ports.http }),
      history: service(ports.history, ports.members2),
      matching: service(ports.matching, ports.members3),
      worker: service(ports.worker, ports.members4),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${ports.frontend}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
  };
}
