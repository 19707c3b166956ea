import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptOf } from '../../../../domain/plans/script/script.ts';
import { demoCapture, demoManifest, demoPlatform } from '../../../demo-situation.ts';
import { planOf } from '../plan-queries.ts';

/** Stand-ins for the programs that the script calls: each notes its call, and answers what a good world would. */
const docker = `#!/bin/bash
echo "docker $*" >> "$CALLS"
case "$*" in
  'info '*) echo "$ROOT" ;;
  'container inspect '*) [ -z "$EMPTY" ] || grep -q "containers/create?name=$3" "$CALLS" || exit 1 ;;
  'container ls --all --quiet') [ -n "$EMPTY" ] || echo 1 ;;
  'container ls '*) n="$*"; n=\${n##*service=}; echo "demo_\${n%% *}_1" ;;
  'inspect -f {{.State.Running}} '*) echo false ;;
  'inspect -f {{range '*) echo '127.0.0.1 ' ;;
  'inspect -f {{if '*) echo running ;;
  'network inspect '*) echo '[{"Containers": {}}]' ;;
  'exec '*'zkCli.sh'*) while read -r line; do
      case $line in
        'ls /') echo '[zookeeper]' ;;
        'create -s '*) set -- $line; echo "Created $3" ;;
        'stat '*) echo 'numChildren = 1' ;;
      esac
    done ;;
esac
exit 0
`;
const curl = `#!/bin/bash
echo "curl $*" >> "$CALLS"
case "$*" in *'-d @-'*) cat > /dev/null ;; esac
case "$*" in
  *write-out*) echo 200 ;;
  *_restore*) echo '{"snapshot": {"shards": {"failed": 0}}}' ;;
  *_search/scroll*) echo '{"hits": {"hits": []}}' ;;
  *_search*) echo '{"_scroll_id": "s", "hits": {"hits": [{"_id": "1", "_source": {"id": "job/1", "state": "QUEUED"}}]}}' ;;
  *_count*) echo '{"count": 3}' ;;
  *_snapshot/*/_verify*) echo '{}' ;;
  *'-X PUT'*) echo '{}' ;;
  *_snapshot/*) echo '{"snapshots": [{"state": "SUCCESS"}]}' ;;
  *) echo '{}' ;;
esac
`;
const age = `#!/bin/bash
while [ $# -gt 1 ]; do [ "$1" = --output ] && out=$2; shift; done
cp "$1" "$out"
`;

export interface StandIns {
  /** Everything that the script writes or calls lies below it. */
  folder: string;
  /** A recovery point in a catalogue of files, as far as the script reads it. */
  publish: (documents: number) => Promise<void>;
  run: (options?: {
    from?: string;
    empty?: string;
  }) => Promise<{ status: number | null; output: string; calls: string[] }>;
}

/** The script's surroundings for each test of a file. */
export function useStandIns(): StandIns {
  const standIns: StandIns = { folder: '', publish, run };
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rekindle-script-'));
    standIns.folder = folder;
    await mkdir(join(folder, 'bin'));
    for (const [name, text] of Object.entries({ docker, curl, age })) {
      await writeFile(join(folder, 'bin', name), text);
      await chmod(join(folder, 'bin', name), 0o755);
    }
    await mkdir(join(folder, 'root', 'volumes', 'demo_es-data', '_data'), { recursive: true });
    await writeFile(join(folder, 'root', 'volumes', 'demo_es-data', '_data', 'old'), 'old data');
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function publish(documents: number): Promise<void> {
    const { id, stores } = demoManifest();
    const at = join(folder, 'catalogue', 'demo', 'points', id);
    await mkdir(join(at, 'stores'), { recursive: true });
    const put = async (key: string, content: unknown) => {
      const text = JSON.stringify(content);
      await writeFile(join(at, key), text);
      return { key: `demo/points/${id}/${key}`, sha256: createHash('sha256').update(text).digest('hex') };
    };
    const create = {
      HostConfig: { NetworkMode: 'demo_back' },
      NetworkingConfig: { EndpointsConfig: { demo_back: {}, other: {} } },
    };
    const containers = demoCapture().containers.map((container) => ({ ...container, create }));
    const capture = await put('capture.age', { containers, files: [], networks: [], volumes: [] });
    const index = { name: 'nuvla-job', state: 'open', documents: { atLeast: documents, atMost: documents } };
    const expectedSet = await put('stores/documents.expected.json', { indices: [index] });
    const snapshot = stores.find(({ store }) => store === 'documents');
    const manifest = JSON.stringify({ id, capture, stores: [{ ...snapshot, expectedSet }] });
    const digest = createHash('sha256').update(manifest).digest('hex');
    await writeFile(join(at, `manifest~${digest}.json`), manifest);
  }

  async function run({ from = '1', empty = '' } = {}) {
    const platform = demoPlatform();
    platform.catalogue = { kind: 'directory', path: join(folder, 'catalogue') };
    // Nothing to settle: these containers are a few lines of text.
    platform.deployment.settleSeconds = 0;
    const plan = { ...planOf({ platform }), hash: 'c0ffee00c0ffee00' };
    const script = scriptOf({ platform, plan, at: '2026-11-29T12:00:00Z', keyFile: '/key' });
    const file = join(folder, 'restore.sh');
    await writeFile(file, script);
    const { status, stdout, stderr } = spawnSync('bash', [file, from], {
      encoding: 'utf8',
      env: {
        PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
        HOME: folder,
        CALLS: join(folder, 'calls.txt'),
        ROOT: join(folder, 'root'),
        EMPTY: empty,
      },
    });
    const calls = await readFile(join(folder, 'calls.txt'), 'utf8').catch(() => '');
    return { status, output: `${stdout}${stderr}`, calls: calls.split('\n') };
  }
  return standIns;
}

export const withJq = spawnSync('jq', ['--version']).status === 0 ? describe : describe.skip;
