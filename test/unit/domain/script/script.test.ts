import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { actionLines } from '../../../../domain/plans/script/actions.ts';
import { quoted, remark } from '../../../../domain/plans/script/quote.ts';
import { scriptOf } from '../../../../domain/plans/script/script.ts';
import type { RestoreSituation } from '../../../../domain/plans/plan-restore.ts';
import type { Platform } from '../../../../domain/platform.ts';
import { demoPlatform, whollyGone } from '../../../demo-situation.ts';
import { besideOf } from '../../../beside-situation.ts';
import { planOf } from '../plan-queries.ts';

const secrets = {
  's3.client.default.access_key': { file: '/etc/keys/s3 access' },
  's3.client.default.secret_key': { env: 'S3_SECRET' },
};

function platformWith(change: (platform: Platform) => void = () => undefined): Platform {
  const platform: Platform = demoPlatform();
  change(platform);
  return platform;
}

function script(platform: Platform = platformWith(), situation: Partial<RestoreSituation> = {}): string {
  const plan = { ...planOf({ platform, ...situation }), hash: 'c0ffee00c0ffee00' };
  return scriptOf({ platform, plan, at: '2026-11-29T12:00:00Z', keyFile: '/root/.rekindle/key.txt' });
}

/** What bash says of it without running it. */
function syntax(text: string): string {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
  return status === 0 ? 'good' : stderr;
}

test('every step of the plan is in it, in its order, with its number', () => {
  const text = script();
  const { steps } = planOf();
  const numbers = [...text.matchAll(/^if step (\d+) /gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(steps.map((_step, position) => position + 1));
  expect(text).toContain('  stop_container demo_api_1 30');
  expect(text).toContain('  set_aside demo_es-data');
  expect(text).toMatch(/restore_indices documents \S+ (true|false) /);
  expect(text).not.toContain('belongs to no restore');
});

test.each([
  ['a living platform', () => script()],
  ['one that is wholly gone', () => script(undefined, { observed: whollyGone() })],
  [
    'a catalogue in a bucket, with a log-in and TLS',
    () =>
      script(
        platformWith((platform) => {
          platform.catalogue = {
            kind: 's3',
            bucket: 'kept',
            prefix: 'a b/',
            region: 'eu',
            endpoint: 'https://s3/',
            accessKey: { env: 'A' },
            secretKey: { file: '/b' },
          };
          const [store] = platform.stores;
          if (store?.kind === 'elasticsearch')
            Object.assign(store, {
              secrets,
              scheme: 'https',
              tls: { ca: '/ca.pem' },
              username: 'elastic',
              password: { file: '/p w' },
            });
        }),
      ),
  ],
  [
    'smoke checks of all kinds, and a queue with rules of its own',
    () =>
      script(
        platformWith((platform) => {
          platform.smoke = [
            {
              service: 'api',
              port: 1,
              path: "/it's",
              headers: { A: 'b"c', D: { env: 'D' } },
              expectStatus: 200,
              expectJson: [{ pointer: '/a', equals: "x'y" }],
              timeoutSeconds: 3,
            },
            { kind: 'tcp', service: 'api', port: 2, timeoutSeconds: 3 },
            {
              kind: 'command',
              service: 'api',
              command: ['sh', '-c', "echo '$HOME'"],
              expectExitCode: 0,
              timeoutSeconds: 3,
            },
            { kind: 'query', store: 'documents', index: 'nuvla-*', atLeast: 1, timeoutSeconds: 3 },
          ];
          const queue = platform.stores[1];
          if (queue?.kind === 'zookeeper-queue')
            Object.assign(queue, { chroot: '/n', digest: { env: 'ZK' }, acl: ['auth::cdrwa'], running: 'fail' });
        }),
      ),
  ],
])('bash takes it: %s', (_what, make) => {
  expect(syntax(make())).toBe('good');
});

test('it holds references, never a secret, and reads each where the platform file says', () => {
  process.env['S3_SECRET'] = 'hunter2';
  const text = script(
    platformWith((platform) => {
      const [store] = platform.stores;
      if (store?.kind === 'elasticsearch') store.secrets = secrets;
    }),
  );
  delete process.env['S3_SECRET'];
  expect(text).toContain("secret_of_file '/etc/keys/s3 access'");
  expect(text).toContain('secret_of_variable S3_SECRET');
  expect(text).not.toContain('hunter2');
});

test('on Swarm and on several hosts it is refused, not written half', () => {
  const swarm = platformWith((platform) => {
    platform.deployment = { ...platform.deployment, kind: 'swarm', secrets: {} } as Platform['deployment'];
  });
  const plan = { ...planOf(), hash: 'c0ffee' };
  const write = () => scriptOf({ platform: swarm, plan, at: '', keyFile: '/k' });
  expect(write).toThrow(expect.objectContaining({ kind: 'InvalidArgument' }) as Error);
});

test('a restore next to the platform is refused, since it would be written as one in place', () => {
  const plan = { ...besideOf().plan(), hash: 'c0ffee' };
  const write = () => scriptOf({ platform: platformWith(() => undefined), plan, at: '', keyFile: '/k' });
  expect(write).toThrow(
    expect.objectContaining({
      kind: 'InvalidArgument',
      message: expect.stringContaining('--beside') as string,
    }) as Error,
  );
});

test('a name means itself to the shell, whatever it holds', () => {
  const texts = fc.array(
    fc
      .string({ unit: 'binary', maxLength: 30 })
      .filter((text) => !text.includes('\0') && Buffer.from(text).toString() === text),
    { minLength: 50, maxLength: 200 },
  );
  const nasty = [
    '$(touch /tmp/x)',
    '`id`',
    "'; rm -rf /; '",
    '"',
    '\\',
    '\n',
    '-n',
    '*',
    '~',
    '',
    '!x',
    '$HOME',
    "it's",
    '=ls',
  ];
  const echoed = (all: string[]) =>
    spawnSync('bash', ['-c', `printf '%s\\0' ${all.map(quoted).join(' ')}`], { encoding: 'utf8' })
      .stdout.split('\0')
      .slice(0, -1);
  expect(echoed(nasty)).toEqual(nasty);
  fc.assert(
    fc.property(texts, (all) => expect(echoed(all)).toEqual(all)),
    { numRuns: 3 },
  );
});

test('hostile names neither end a comment nor run anything', () => {
  const name = "x'\n$(touch /tmp/owned)`id`";
  expect(remark(name)).not.toContain('\n');
  const text = script(
    platformWith((platform) => {
      const [store] = platform.stores;
      if (store?.kind === 'elasticsearch') store.repository = { name, type: 's3', settings: { bucket: name } };
    }),
  );
  expect(syntax(text)).toBe('good');
  // Outside of quotes there is nothing of it.
  expect(text.split('\n').some((line) => line.trimStart().startsWith('$(touch') && !line.includes("'"))).toBe(false);
});

test('actions of other runs end the script', () => {
  expect(actionLines.takeSnapshot({ store: 's', snapshot: 'x', recoveryPoint: 'p' }, undefined as never)).toEqual([
    "die 'This step belongs to no restore'",
  ]);
});
