import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import { removeRepository } from '../../systems/elasticsearch/repository/repository.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { withElasticsearchNamed } from '../stores/with-elasticsearch.ts';
import { sceneOfCall } from './scene-steps.ts';

/**
 * Takes the scene's repository out of the store's cluster state, which goes with the data to where it will serve: its name and its way would
 * lead nowhere there. May be repeated. Failures: ElasticsearchUnreachable; an error of ours without a scene.
 */
export async function leaveScene(
  open: Pick<OpenPlatform, 'platform' | 'elasticsearch'>,
  call: Pick<StepCall<'leaveScene'>, 'scene' | 'run' | 'arguments'>,
): Promise<StepOutcome> {
  sceneOfCall(call);
  return withElasticsearchNamed(open, call.arguments.store, async (client, { name, repository }) => {
    await removeRepository(client, repository.name);
    return { summary: `${name} no longer knows ${repository.name}` };
  });
}
