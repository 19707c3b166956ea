import { Failure } from '../../failures.ts';
import { isSpread } from '../../hosts.ts';
import type { Platform } from '../../platform.ts';
import type { Plan } from '../plan.ts';
import { describeStep } from '../describe-step.ts';
import type { Step } from '../steps.ts';
import { actionLines, type ScriptContext } from './actions.ts';
import { catalogueLines } from './catalogue.ts';
import { commonFunctions } from './functions/common.ts';
import { dockerFunctions } from './functions/docker.ts';
import { elasticsearchFunctions } from './functions/elasticsearch.ts';
import { pointFunctions } from './functions/point.ts';
import { postgresFunctions } from './functions/postgres.ts';
import { queueFunctions } from './functions/queue.ts';
import { smokeFunctions } from './functions/smoke.ts';
import { quoted, remark } from './quote.ts';
import { scriptSecrets } from './secrets.ts';
import { postgresLines, storeLines } from './stores.ts';
import { storesOfKind } from '../../platform.ts';
import { storesWithout } from '../../store-kinds.ts';

/** What a script is made of: the plan, and the platform file whose names it uses. */
export interface ScriptSource {
  platform: Platform;
  plan: Plan;
  /** When the plan was made, ISO 8601. */
  at: string;
  /** Where the key is that decrypts the capture. */
  keyFile: string;
}

/**
 * The plan of a restore as a script for bash, for the day on which Temporal and Rekindle are gone: docs/restore-by-hand.md
 * made concrete. It holds no secret; it reads them from where the platform file says they are. Failure: InvalidArgument for
 * a platform on Swarm or on several hosts, whose services such a script cannot reach.
 */
export function scriptOf(source: ScriptSource): string {
  assertScriptable(source);
  const { platform, plan } = source;
  const secrets = scriptSecrets();
  const context: ScriptContext = { platform, secrets };
  // First what uses secrets: only then is it known which there are.
  const catalogue = catalogueLines(platform.catalogue, secrets);
  const hasPostgres = storesOfKind(platform, 'postgres').length > 0;
  const stores = [...storeLines(platform, secrets), ...(hasPostgres ? ['', ...postgresLines(platform, secrets)] : [])];
  const steps = plan.steps.map((step, position) => stepLines(step, position + 1, { context, plan }));
  return `${[
    head(source),
    variables(source),
    catalogue.join('\n'),
    ...[commonFunctions, pointFunctions, dockerFunctions, elasticsearchFunctions, queueFunctions, smokeFunctions],
    ...(hasPostgres ? [postgresFunctions] : []),
    [remark('Secrets, from where the platform file says they are.'), ...secrets.lines()].join('\n'),
    stores.join('\n'),
    [remark('The steps of the plan.'), 'fetch_point'].join('\n'),
    ...steps.map((lines) => lines.join('\n')),
    tail(source),
  ].join('\n\n')}\n`;
}

/** Why no script can be written for a platform, whatever the plan; undefined: one can. */
export function whyNoScript(platform: Platform): string | undefined {
  if (platform.deployment.kind === 'none') return 'it has no services to stop and to start';
  if (platform.deployment.kind === 'swarm') return 'its services are those of a swarm';
  const left = storesWithout(platform, 'scripted');
  if (left.length > 0) return `a script cannot restore the store ${left.join(', ')} yet`;
  return isSpread(platform) ? 'its services lie on several hosts' : undefined;
}

function whyNoneOf({ kind, scene }: Plan): string | undefined {
  if (kind !== 'restore') return `a ${kind} has none`;
  return scene ? 'the plan is that of a restore next to the platform (--beside), and not of one in place' : undefined;
}

function assertScriptable({ platform, plan }: ScriptSource): void {
  const why = whyNoScript(platform) ?? whyNoneOf(plan);
  if (why === undefined) return;
  throw new Failure('InvalidArgument', {
    message: `No script can be written for ${platform.platform}: ${why}`,
    remedy: 'Leave out --script; docs/restore-by-hand.md says what can be done by hand',
  });
}

function head({ plan, at }: ScriptSource): string {
  const { platform, recoveryPoint, host, hash } = plan;
  return [
    '#!/usr/bin/env bash',
    remark(`Restores ${platform} from the recovery point ${recoveryPoint?.id ?? ''}, without Rekindle and Temporal.`),
    remark(`Made ${at} of the plan ${hash}, for the state that ${host} had then.`),
    '#',
    '# Read it first. Run it as root on that host: bash THIS-FILE; after a fault was fixed, go on with step 7: bash THIS-FILE 7',
    '# It needs bash, docker, curl 7.88 or newer, jq and age, the files below, and nothing else that writes to the repository.',
    '# It holds no secret, but its working folder will: remove that in the end.',
    '# docs/restore-by-hand.md explains what it does.',
    'set -euo pipefail',
    'umask 077',
  ].join('\n');
}

function variables({ platform, plan, keyFile }: ScriptSource): string {
  const { deployment } = platform;
  return [
    'from=${1:-1}',
    `platform=${quoted(platform.platform)}`,
    `project=${quoted(deployment.kind === 'compose' ? deployment.project : '')}`,
    `point=${quoted(plan.recoveryPoint?.id ?? '')}`,
    '# The key file of "rekindle keygen", from your safe.',
    `key_file=\${REKINDLE_KEY_FILE:-${quoted(keyFile)}}`,
    '# Where old data is kept, below rekindle-quarantine/.',
    `aside=${quoted(`by-hand-${platform.platform}-${plan.hash.slice(0, 12)}`)}`,
    `docker_socket=\${DOCKER_SOCKET:-/var/run/docker.sock}`,
    "# As ZooKeeper's client is started in its container.",
    'read -ra zookeeper_client <<< "${ZOOKEEPER_CLIENT:-zkCli.sh}"',
    "zookeeper_digest=''",
    `work=\${REKINDLE_WORK:-$HOME/rekindle-by-hand}/${quoted(`${platform.platform}-${plan.hash.slice(0, 12)}`)}`,
    'mkdir -p "$work"',
    'cd "$work"',
  ].join('\n');
}

function stepLines(step: Step, number: number, { context, plan }: { context: ScriptContext; plan: Plan }): string[] {
  const title = describeStep(step);
  // The action and its arguments belong together, which the compiler cannot see through the table.
  const linesOf = actionLines[step.action] as (args: Step['arguments'], context: ScriptContext) => string[];
  const lines = linesOf(step.arguments, context);
  return [
    ...(step.id === plan.pointOfNoReturn
      ? [remark('From here on the platform is not what it was: old data is moved.')]
      : []),
    `if step ${number} ${quoted(title)}; then`,
    ...(lines.length > 0 ? lines : ['true']).map((line) => `  ${line}`),
    'fi',
  ];
}

function tail({ platform, plan }: ScriptSource): string {
  return [
    'echo',
    `echo ${quoted(`${platform.platform} is restored from ${plan.recoveryPoint?.id ?? ''}.`)}`,
    'echo "The working folder holds secrets: rm -r $work"',
    'echo "Old data, if there was any, stays in rekindle-quarantine/$aside until you delete it."',
  ].join('\n');
}
