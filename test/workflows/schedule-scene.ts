import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { stringify } from 'yaml';
import type { CommandContext } from '../../cli/command.ts';
import type { Toolbox } from '../../cli/toolbox.ts';
import { readEnvironment } from '../../config/environment.ts';
import { recordedOutput, type RecordedOutput } from '../recorded-output.ts';
import { scheduleId, schedulePrefix, type ScheduleKind } from '../../domain/schedule/schedule.ts';
import { provided } from '../provided.ts';

/** A platform file of its own, and what commands on its schedules say. Nobody serves its task queue. */
export interface ScheduleScene extends Omit<RecordedOutput, 'output'> {
  client: Client;
  platform: string;
  context: CommandContext;
  /** `name`: of another platform in the same folder, whose backups lie in the same bucket; its schedules are the test's to delete. */
  write(file: { backup?: object; objectives?: object }, name?: string): Promise<void>;
  id(kind: ScheduleKind): string;
  close(): Promise<void>;
}

export async function openScheduleScene(given: { address?: string; platform?: string } = {}): Promise<ScheduleScene> {
  const address = given.address ?? provided('temporalAddress');
  const client = new Client({ connection: await Connection.connect({ address }) });
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-schedules-'));
  const platform = given.platform ?? `sched-${randomBytes(4).toString('hex')}`;
  const environment = readEnvironment({
    REKINDLE_PLATFORMS: folder,
    TEMPORAL_ADDRESS: address,
    REKINDLE_TASK_QUEUE: `test-${platform}`,
  });
  const { output, said, documents } = recordedOutput();
  // No command on schedules needs the toolbox.
  const context: CommandContext = { environment, toolbox: {} as Toolbox, output };
  return {
    client,
    platform,
    context,
    said,
    documents,
    async write(changed, name = platform) {
      const file = {
        platform: name,
        deployment: { kind: 'compose', project: name, data: ['elasticsearch'] },
        stores: [
          {
            name: 'documents',
            kind: 'elasticsearch',
            service: 'elasticsearch',
            repository: { name: 'backup', type: 's3', settings: { bucket: 'backups', base_path: name } },
          },
        ],
        catalogue: { kind: 'directory', path: folder },
        // Its tests say themselves what is scheduled.
        readiness: { everyMinutes: 0 },
        ...changed,
      };
      await writeFile(join(folder, `${name}.yaml`), stringify(file));
    },
    id: (kind) => scheduleId(platform, kind),
    async close() {
      for await (const { scheduleId: id } of client.schedule.list())
        if (id.startsWith(schedulePrefix(platform)))
          await client.schedule
            .getHandle(id)
            .delete()
            .catch(() => undefined);
      for await (const { workflowId } of client.workflow.list({ query: 'ExecutionStatus = "Running"' }))
        if (workflowId.includes(platform))
          await client.workflow
            .getHandle(workflowId)
            .terminate()
            .catch(() => undefined);
      await client.connection.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
