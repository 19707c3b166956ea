import { compose } from '../../../stack/demo-platform.ts';
import { expecting } from '../../expecting.ts';
import { pointsOf, useScenario } from '../harness/index.ts';

const scenario = useScenario();

interface Deployed {
  point: string;
  exitCode: number;
  healthy: boolean | null;
  failure?: { kind: string };
  wayBack?: string;
}

const deploy = (options: string[], command: string[]) => {
  const { rekindle, platform } = scenario;
  return rekindle(['deploy', platform.project, ...options, '--json', '--', ...command], { withinSeconds: 200 });
};

/** The platform's own tool, as its operator calls it. */
const composeTool = (...args: string[]): string[] => {
  const { composeTool: tool, project, folder } = scenario.platform;
  return ['sh', '-c', `cd "$0" && exec "$@"`, folder, ...tool, '--project-name', project, ...args];
};

beforeAll(() => scenario.startWorker());

test('a recovery point first, then the command, then health', async () => {
  const { platform } = scenario;
  const before = await pointsOf(scenario);
  const ended = await deploy([], composeTool('up', '--detach', '--force-recreate', 'api'));
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 0 });
  const { point, healthy, wayBack } = ended.json as Deployed;
  expect({ healthy, wayBack }).toEqual({ healthy: true, wayBack: undefined });
  const added = (await pointsOf(scenario)).map(({ id }) => id).filter((id) => !before.some((one) => one.id === id));
  expect(added).toEqual([point]);
  const { stdout } = await scenario.rekindle(['points', platform.project, '--point', point]);
  expect(stdout).toContain('before a deployment');
});

test('a deployment after which a service is not healthy names the way back', async () => {
  const { platform } = scenario;
  const ended = await deploy(['--health-timeout', '20'], composeTool('stop', 'job-distributor'));
  expecting(ended, ended.stdout + ended.stderr).toMatchObject({ exitCode: 1 });
  const { point, exitCode, healthy, wayBack } = ended.json as Deployed;
  expect({ exitCode, healthy }).toEqual({ exitCode: 0, healthy: false });
  expect(wayBack).toBe(`rekindle restore ${platform.project} --point ${point}`);
  await compose(platform, ['start', 'job-distributor']);
});
