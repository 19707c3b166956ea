import { withElasticsearch } from '../../../stack/clients.ts';
import { expectPassed, facts, useScenario, useVariant } from '../harness/index.ts';
import { expecting } from '../../expecting.ts';

export const repository = 's3_backup';
export const cron = 'cron-2026.11.20';
export const nightly = 'nightly-2026.11.20-dgzl6qcsrhc8ug';
export const broken = 'cron-2026.11.19';
export const foreign = 'wiki-2026.11.20';

interface Listed {
  adopted: { id: string; snapshot: string }[];
  notAdopted: { snapshot: string; reason: string }[];
  points: { id: string; adopted?: { snapshot: string }; documents?: number; indices: number; totalBytes: number }[];
  warnings: string[];
}

/**
 * A repository that others wrote into (a cron line, SLM), and a catalogue that is lost: it begins empty. The Elasticsearch of these
 * tests has no SLM; what SLM makes of a policy is the request below.
 */
export function useRepositoryOfOthers() {
  const scenario = useScenario({ fresh: true });
  const variant = useVariant(scenario);

  /** Neither adoption nor a look needs Temporal. */
  const points = async (...args: string[]) => {
    const without = { ...variant.environment, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const ended = await scenario.rekindle(['points', scenario.platform.project, ...args], { environment: without });
    expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
    return ended;
  };
  const listed = async (...args: string[]) => (await points('--json', ...args)).json as Listed;

  beforeAll(async () => {
    await variant.write(({ catalogue }) => Object.assign(catalogue as object, { prefix: 'adoption' }));
    await withElasticsearch(scenario.platform, async (client) => {
      const take = (snapshot: string, body: object) =>
        client.snapshot.create({ repository, snapshot, wait_for_completion: true, ...body });
      await take(cron, { indices: 'nuvla-*' });
      // As SLM asks: the policy's name in the metadata, all indices, here without the global state.
      await take(nightly, { indices: '*', include_global_state: false, metadata: { policy: 'nightly-policy' } });
      await client.indices.create({ index: 'wiki', settings: { number_of_replicas: 0 }, wait_for_active_shards: 1 });
      await take(foreign, { indices: 'wiki' });
      await client.indices.delete({ index: 'wiki' });
      await client.indices.create({
        index: 'nuvla-broken',
        settings: { number_of_replicas: 0, 'index.routing.allocation.require._name': 'nowhere' },
        wait_for_active_shards: 0,
        timeout: '1s',
      });
      await take(broken, { indices: 'nuvla-*', partial: true });
      await client.indices.delete({ index: 'nuvla-broken' });
    });
  });
  afterAll(() => scenario.spoil());

  const rekindle = (...args: string[]) => scenario.rekindle(args, { environment: variant.environment });
  return {
    scenario,
    variant,
    points,
    listed,
    rekindle,
    /** The recovery point whose capture a restore of this one would use. */
    captureFor: async (point: string): Promise<string | undefined> => {
      const ended = await rekindle('restore', scenario.platform.project, '--point', point, '--dry-run', '--json');
      expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
      return (ended.json as { plan: { capture?: string } }).plan.capture;
    },
    /** Must pass; its report. The snapshot does not tell which indices were closed: that one is closed again. */
    restore: async (point: string) => {
      const ended = await rekindle('restore', scenario.platform.project, '--point', point, '--yes', '--json');
      const report = await expectPassed({ ...scenario, rekindle: (args) => rekindle(...args) }, ended);
      await withElasticsearch(scenario.platform, (client) =>
        client.indices.close({ index: facts().seeded.closedIndex }),
      );
      return report;
    },
  };
}
