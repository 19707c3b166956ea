import Docker from 'dockerode';
import { overallVerdict } from '../../../domain/checks.ts';
import { exec } from '../../../systems/docker/exec.ts';
import { storeContainer } from '../../../systems/docker/streamed/store-container.ts';
import type { CommandAccess } from '../../../systems/command/access.ts';
import { commandStore } from '../../../systems/command/command-store.ts';
import type { StreamStore } from '../../../systems/streams/stream-store.ts';
import { startContainer, type StartedContainer } from '../start-container.ts';
import { backUp, piecesOf } from '../../unit/systems/streams/kept.ts';
import { conformanceSuite } from '../streams/conformance.ts';

/**
 * A platform's own tool, over a folder of policies: `export`, `import --skip-existing|--override`, `count`, `verify`, `keep`,
 * `put-back`, `release`. Its export ends with a line that says so.
 */
const tool = `#!/bin/sh
set -e
data=/srv/policies kept=/srv/kept-$(echo "$REKINDLE_ID" | tr / _)
mkdir -p "$data"
case $1 in
  export) cd "$data"; for file in *; do [ ! -f "$file" ] || printf '%s %s\\n' "$file" "$(cat "$file")"; done; echo '# end'; exit 3 ;;
  import)
    cat > /tmp/import.$$
    [ "$(tail -n 1 /tmp/import.$$)" = '# end' ] || { echo 'the import ends too early' >&2; exit 1; }
    [ "$2" = --skip-existing ] || rm -f "$data"/*
    grep -v '^# end' /tmp/import.$$ | while read -r name value; do
      if [ "$2" = --skip-existing ] && [ -f "$data/$name" ]; then continue; fi
      echo "$value" > "$data/$name"
    done ;;
  count) echo "policies $(ls "$data" | wc -l)" ;;
  verify) if grep -rl broken "$data"; then echo 'a policy is broken'; exit 1; fi ;;
  keep) [ -d "$kept" ] || cp -r "$data" "$kept" ;;
  put-back) if [ -d "$kept" ]; then rm -rf "$data"; mv "$kept" "$data"; fi ;;
  release) rm -rf "$kept" ;;
  hang) echo started; sleep 300 ;;
esac
`;

const docker = new Docker();
let server: StartedContainer;
let access: CommandAccess;
let store: StreamStore<unknown>;

const own = (...words: string[]) => ({ command: ['/srv/tool', ...words], successCodes: [0] });
const storeWith = (change: Partial<CommandAccess>) => commandStore({ ...access, ...change }) as StreamStore<unknown>;
async function shell(script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await exec(docker, server.name, ['sh', '-c', script]);
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

beforeAll(async () => {
  server = await startContainer('rekindle-stack/base:bookworm', {
    command: ['sleep', 'infinity'],
    files: { 'srv/tool': tool, 'srv/policies/one': 'allow\n', 'srv/policies/two': 'deny\n' },
  });
  await shell('chmod +x /srv/tool');
  access = {
    store: 'policy',
    container: storeContainer(docker, server.name),
    environment: { TOKEN: 'hidden-token' },
    secrets: ['hidden-token'],
    commands: {
      export: { command: ['/srv/tool', 'export'], successCodes: [0, 3] },
      import: own('import', '--override'),
      count: own('count'),
      verify: own('verify'),
      keep: own('keep'),
      putBack: own('put-back'),
      release: own('release'),
    },
    mode: 'override',
    application: 'rekindle-test',
  };
  store = storeWith({});
});
afterAll(async () => {
  await server.remove();
});

async function leftovers(): Promise<string[]> {
  const kept = await shell('ls /srv | grep kept || true');
  const programs = await shell(
    'for p in /proc/[0-9]*; do tr "\\0" "\\n" <$p/environ 2>/dev/null | grep -qx REKINDLE_RUN=.* && echo $p; done; true',
  );
  return `${kept}${programs}`.split('\n').filter((line) => line !== '');
}

describe('conformance', () => {
  let more = 0;
  conformanceSuite(() => ({
    store,
    content: () => shell('cd /srv/policies; for file in *; do echo "$file $(cat $file)"; done'),
    change: () => shell('cd /srv/policies; rm -f two; echo changed > one').then(() => undefined),
    add: () => shell(`echo new > /srv/policies/new${(more += 1)}`).then(() => undefined),
    leftovers,
  }));
});

test('an exit code that the platform file does not name as success is a failure, with what was said, without secrets', async () => {
  const failing = storeWith({
    commands: {
      ...access.commands,
      export: { command: ['sh', '-c', 'echo half; echo "no $TOKEN" >&2; exit 4'], successCodes: [0, 3] },
    },
  });
  await expect(backUp(failing)).rejects.toMatchObject({
    kind: 'ContainerFailed',
    message: `The export command of the store policy in the container ${server.name} ended with exit code 4: no [secret]`,
  });
});

test('what exists is skipped when the platform file says so', async () => {
  await shell('rm /srv/policies/*; echo allow > /srv/policies/one; echo deny > /srv/policies/two');
  const { parts, expected } = await backUp(store);
  await shell('cd /srv/policies; rm two; echo mine > one; echo other > three');
  const skipping = storeWith({
    mode: 'skip-existing',
    commands: { ...access.commands, import: own('import', '--skip-existing') },
  });
  await skipping.restore('export', piecesOf(parts.get('export')), 'restore/skip/1', {});
  expect(await shell('cat /srv/policies/one /srv/policies/two')).toBe('mine\ndeny\n');
  const checks = await skipping.compare(expected, {});
  expect(overallVerdict(checks)).toBe('pass');
  expect(checks[0]).toMatchObject({ warning: true, evidence: 'More than the point has: 3 policies, not 2' });
  await skipping.release(['export'], 'restore/skip/1', {});
});

test('what the verify command says is the evidence', async () => {
  const { expected } = await backUp(store);
  await shell('echo broken > /srv/policies/one');
  const checks = await store.compare(expected, {});
  expect(checks.find(({ verdict }) => verdict === 'fail')?.evidence).toMatch(/exit code 1: a policy is broken$/);
  await shell('echo allow > /srv/policies/one');
});

test('a cancelled command is ended, and its child with it', async () => {
  const controller = new AbortController();
  const hanging = storeWith({ commands: { ...access.commands, export: own('hang') } });
  const cancelled = hanging.backUp(
    async ({ pieces }) => {
      for await (const _ of pieces) controller.abort(new Error('cancelled by the test'));
    },
    { signal: controller.signal },
  );
  await expect(cancelled).rejects.toThrow('cancelled by the test');
  await backUp(store);
  expect(await leftovers()).toEqual([]);
});

test('a program that is missing, and a count that is none, are named', async () => {
  const missing = storeWith({ commands: { ...access.commands, verify: { command: ['nope'], successCodes: [0] } } });
  const [check] = await missing.check(undefined, {});
  expect(check).toMatchObject({ verdict: 'fail', evidence: `The container ${server.name} has no nope` });
  const talking = storeWith({
    commands: { ...access.commands, count: { command: ['echo', 'all is well'], successCodes: [0] } },
  });
  await expect(talking.answers({})).rejects.toThrow('printed neither a number nor lines of a name and a number');
});
