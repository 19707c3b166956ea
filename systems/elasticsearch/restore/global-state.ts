import type { ExpectedSet } from '../../../domain/recovery-points/recovery-point.ts';
import type { Client } from '../client.ts';
import { attempt, isStatus } from '../errors.ts';

/** Names of the templates and pipelines; a server without ingest has no pipelines. Those of Elasticsearch are left out. */
export async function globalStateNames(client: Client): Promise<NonNullable<ExpectedSet['globalState']>> {
  const templates = await attempt('list the index templates', () =>
    client.indices.getIndexTemplate({ filter_path: 'index_templates.name,index_templates.index_template._meta' }),
  );
  const indexTemplates = ('index_templates' in templates ? templates.index_templates : [])
    .filter(({ index_template: template }) => !isManaged(template))
    .map(({ name }) => name);
  return { indexTemplates: indexTemplates.toSorted(), ingestPipelines: await pipelineNames(client) };
}

async function pipelineNames(client: Client): Promise<string[]> {
  return attempt('list the ingest pipelines', async () => {
    try {
      const pipelines = await client.ingest.getPipeline();
      return Object.entries(pipelines)
        .filter(([, pipeline]) => !isManaged(pipeline))
        .map(([name]) => name)
        .toSorted();
    } catch (error) {
      if (isStatus(error, 400, 404, 405)) return [];
      throw error;
    }
  });
}

/** Elasticsearch installs its own at every start, in the version of the server. */
function isManaged(definition: { _meta?: Record<string, unknown> } | undefined): boolean {
  return definition?._meta?.managed === true;
}
