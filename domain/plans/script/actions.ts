import type { Platform } from '../../platform.ts';
import { storesOfKind } from '../../platform.ts';
import { beforeRun, type ContainerReference, type StepArguments } from '../step-arguments.ts';
import type { Action } from '../steps.ts';
import { smokeLines } from './checks.ts';
import { aclOf, jobsProgram } from './jobs-program.ts';
import { call, quoted, words } from './quote.ts';
import type { ScriptSecrets } from './secrets.ts';

export interface ScriptContext {
  platform: Platform;
  secrets: ScriptSecrets;
}

/** What each action is in a shell; the compiler names the one that a new action forgot. */
type ActionLines = { [A in Action]: (args: StepArguments[A], context: ScriptContext) => string[] };

/** Actions of other runs than restores. */
const notHere = () => ["die 'This step belongs to no restore'"];
/** What a restore by hand has no part of. */
const skipped = (why: string) => [call('echo', why)];

export const actionLines: ActionLines = {
  pauseSchedules: () => skipped('Rekindle does not run, so its schedules do not either. Stop other backups yourself.'),
  repeatPreflight: () => ['fetch_point'],
  recordDeployment: () => ['record_deployment'],
  forgetDeployment: () => skipped('What was recorded stays in the working folder.'),
  stopService: ({ containers, graceSeconds }) =>
    containers.map(({ name }) => call('stop_container', name, graceSeconds)),
  removeContainers: ({ containers }) => containers.map((name) => call('remove_container', name)),
  fence: ({ before, containers, allowed, networks }) => [
    `fence_stopped=(${words(containers)})`,
    `fence_allowed=(${words(allowed)})`,
    `fence_networks=(${words(networks)})`,
    call('fence', before),
  ],
  quarantineVolume: ({ volume }) => [call('set_aside', volume)],
  returnVolume: ({ volume }) => [call('bring_back', volume)],
  removeVolume: ({ volume }) => [call('remove_data', volume)],
  createNetwork: ({ network, capture }) => [call('create_network', network, capture)],
  createVolume: ({ volume, capture }) => [call('create_volume', volume, capture)],
  startService({ containers, capture, bootstrap, healthTimeoutSeconds, settleSeconds }) {
    // Also what is there now may be gone on the day: what is there is not created again.
    const create = containers.map(({ name }) => call('create_container', name, capture ?? 'point'));
    return [
      ...(capture === beforeRun ? [] : ['create_files', 'create_places']),
      ...create,
      ...(bootstrap ? [call('begin_bootstrap', bootstrap.container, bootstrap.nodeName)] : []),
      ...containers.map((container) => call('start_container', container.name, policyOf(container))),
      ...containers.map(({ name, oneShot }) =>
        oneShot
          ? call('await_end', name, healthTimeoutSeconds)
          : call('await_healthy', name, healthTimeoutSeconds, settleSeconds),
      ),
    ];
  },
  awaitStore({ store, timeoutSeconds, nodes }, { platform }) {
    const elasticsearch = storesOfKind(platform, 'elasticsearch').some(({ name }) => name === store);
    const queue = storesOfKind(platform, 'zookeeper-queue').find(({ name }) => name === store);
    if (elasticsearch) return [call('select_store', store), call('await_elasticsearch', timeoutSeconds, nodes ?? 1)];
    if (storesOfKind(platform, 'postgres').some(({ name }) => name === store))
      return [call('select_postgres', store), call('await_postgres', timeoutSeconds)];
    return queue ? [call('await_zookeeper', queue.service, timeoutSeconds)] : skipped('Its service runs.');
  },
  endBootstrap: ({ container }) => [call('end_bootstrap', container)],
  configureRepository: ({ store, access, anew }) => [
    call('select_store', store),
    ...(anew ? ['forget_repository'] : []),
    call('configure_repository', store, access),
  ],
  verifySnapshot: ({ store }) => [call('select_store', store), call('verify_snapshot', store)],
  raiseThrottles: ({ store, bytesPerSecond }) => [call('select_store', store), call('throttle', `"${bytesPerSecond}"`)],
  resetThrottles: ({ store }) => [call('select_store', store), call('throttle', 'null')],
  restoreIndices: ({ store, snapshot, globalState, featureStates }) => [
    call('select_store', store),
    call(
      'restore_indices',
      store,
      snapshot,
      String(globalState),
      JSON.stringify(featureStates.length > 0 ? featureStates : ['none']),
    ),
  ],
  verifyIndices: ({ store }) => [call('select_store', store), call('verify_indices', store)],
  verifyParts: ({ store }) => [call('verify_parts', store)],
  restoreParts: ({ store }) => [call('select_postgres', store), call('restore_parts', store)],
  compareStore: ({ store }) => [call('select_postgres', store), call('compare_postgres', store)],
  putBackParts: () => skipped('The old data comes back with its volume.'),
  releaseParts: () => skipped('Nothing was set aside in it.'),
  failRunningJobs({ store }, { platform }) {
    const queue = storesOfKind(platform, 'zookeeper-queue').find(({ name }) => name === store);
    if (queue === undefined) return notHere();
    const { from, failedFields } = queue;
    const body = {
      query: { terms: { [from.state.field]: from.state.running } },
      script: { source: 'ctx._source.putAll(params.fields)', params: { fields: failedFields } },
    };
    return [call('select_store', from.store), call('update_documents', from.index, JSON.stringify(body))];
  },
  rebuildQueue({ store }, { platform, secrets }) {
    const queue = storesOfKind(platform, 'zookeeper-queue').find(({ name }) => name === store);
    if (queue === undefined) return notHere();
    const { from, entry, running, digest } = queue;
    const path = `${queue.chroot ?? ''}${queue.path}`;
    const states = [...from.state.waiting, ...(running === 'requeue' ? from.state.running : [])];
    const search = { size: 5000, query: { terms: { [from.state.field]: states } }, sort: from.order };
    const parents = parentsOf(path).concat(`${path}/${entry.folder}`, `${path}/${entry.locks}`);
    return [
      call('select_store', from.store),
      ...(digest ? [`zookeeper_digest=${secrets.use(digest, `ZooKeeper, store ${store}`)}`] : ["zookeeper_digest=''"]),
      `queue_parents=(${words(parents.map((node) => (aclOf(queue) === '' ? `create ${node}` : `create ${node} ""${aclOf(queue)}`)))})`,
      call(
        'rebuild_queue',
        queue.service,
        `${path}/${entry.folder}`,
        from.index,
        JSON.stringify(search),
        jobsProgram(queue, path),
      ),
    ];
  },
  verifyQueue({ store }, { platform }) {
    const queue = storesOfKind(platform, 'zookeeper-queue').find(({ name }) => name === store);
    if (queue === undefined) return notHere();
    return [call('verify_queue', queue.service, `${queue.chroot ?? ''}${queue.path}/${queue.entry.folder}`)];
  },
  runContainer({ store }, { platform, secrets }) {
    const side = storesOfKind(platform, 'container').find(({ name }) => name === store);
    if (side === undefined) return notHere();
    const variables = Object.entries(side.environment).map(([name, value]) =>
      typeof value === 'string'
        ? `printf '%s\\n' ${quoted(`${name}=${value}`)}`
        : `printf '%s=%s\\n' ${quoted(name)} "$(${secrets.use(value, `Variable ${name} of ${store}`)})"`,
    );
    return [
      `side_variables() { ${['true', ...variables].join('; ')}; }`,
      `run_beside ${words([side.service, side.image, JSON.stringify(side.entrypoint ?? [])])} ${words(side.arguments)}`.trimEnd(),
    ];
  },
  confirmHealth: () => ['confirm_health'],
  compareEngines: () => skipped('Compare the engines yourself: docker ps --all'),
  smokeCheck: (_args, { platform, secrets }) => platform.smoke.flatMap((check) => smokeLines(check, secrets)),
  resumeSchedules: () => skipped('Start the other backups that you stopped.'),
  takeBackup: () =>
    skipped('Take a backup as soon as Rekindle runs again: the next restore should not need this point.'),
  runHook: notHere,
  checkStore: notHere,
  backUpStore: notHere,
  discardParts: notHere,
  scrubParts: notHere,
  prepareStore: notHere,
  takeSnapshot: notHere,
  verifyBackup: notHere,
  discardSnapshot: notHere,
  captureDeployment: notHere,
  publishRecoveryPoint: notHere,
  clearUnfinished: notHere,
  markDeleting: notHere,
  deleteSnapshots: notHere,
  removePoints: notHere,
  removeRunObjects: notHere,
  scrubStore: notHere,
  proveUntouched: notHere,
  closeScene: notHere,
  openScene: notHere,
  keepScene: notHere,
  leaveScene: notHere,
  adoptVolume: notHere,
  recordEngine: notHere,
  removeDrillLeftovers: notHere,
  swapAliases: notHere,
  raiseReplicas: notHere,
  verifyCopied: notHere,
  discardCopied: notHere,
  copyIndices: notHere,
  removeIndices: notHere,
  forgetSource: notHere,
  verifySource: notHere,
  registerSource: notHere,
};

/** As `docker update --restart` takes it. */
function policyOf({ restartPolicy: { name, maximumRetryCount } }: ContainerReference): string {
  return maximumRetryCount > 0 ? `${name}:${maximumRetryCount}` : name;
}

/** `/a/b` → `/a`, `/a/b`. */
function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(1);
  return parts.map((_part, position) => `/${parts.slice(0, position + 1).join('/')}`);
}
