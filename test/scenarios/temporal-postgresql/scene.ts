import { Client, Connection } from '@temporalio/client';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { eventually } from '../../../stack/engine.ts';
import { closeAll } from '../../at-end.ts';
import { facts, type Environment, type Scenario } from '../harness/index.ts';
import { type Postgresql, startPostgresql } from './postgresql.ts';
import { prepareTemporal, type RealTemporal } from './temporal-server.ts';

export const namespace = 'rekindle-production';

export interface PostgresqlScene {
  database: Postgresql;
  temporal: RealTemporal;
  /** In the namespace, which exists from `createNamespace` on. */
  client: Client;
  /** What a command or worker needs to use this Temporal in place of the lane's. */
  environment: Environment;
  readonly progressOf: (run: string) => Promise<RunProgress>;
  /** The id of the open run of a kind, as soon as Temporal's list has it. */
  readonly openRun: (kind: 'restore' | 'backup') => Promise<string>;
  /** Waits for something of a run, also while Temporal is away. */
  readonly until: (run: string, what: string, seen: (progress: RunProgress) => boolean) => Promise<RunProgress>;
}

/** PostgreSQL and a Temporal server on it, for one file of tests. */
export function useTemporalOnPostgresql(scenario: Scenario): PostgresqlScene {
  const scene = {} as PostgresqlScene;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    const database = await startPostgresql({ 'rekindle.scenarios': facts().project });
    closing.push(() => database.remove());
    const temporal = await prepareTemporal(database);
    closing.push(() => temporal.remove());
    await temporal.start();
    const connection = await Connection.connect({ address: temporal.address });
    closing.push(() => connection.close());
    const client = new Client({ connection, namespace });
    const progressOf = (run: string) => client.workflow.getHandle(run).query<RunProgress>('progress');
    Object.assign(scene, {
      database,
      temporal,
      client,
      environment: { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: namespace },
      progressOf,
      openRun: (kind) =>
        eventually(`a ${kind} begins`, 60, async () => {
          const query = `RekindlePlatform = "${scenario.platform.project}" AND RekindleKind = "${kind}" AND ExecutionStatus = "Running"`;
          for await (const { workflowId } of client.workflow.list({ query })) return workflowId;
          throw new Error('none yet');
        }),
      until: (run, what, seen) =>
        eventually(`${run}: ${what}`, 120, async () => {
          const progress = await progressOf(run);
          if (!seen(progress)) throw new Error(`it is ${progress.phase}`);
          return progress;
        }),
    } satisfies PostgresqlScene);
  });
  afterAll(() => closeAll(closing));
  return scene;
}
