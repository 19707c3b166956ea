import { chmodSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../lib/command.mjs';

const version = '26.12.1';

/** Puts the Node runtime, from its npm package, into the build context. */
export async function stageNode(folder) {
  const name = `node-linux-${process.arch}`;
  await run('npm', ['pack', `${name}@${version}`, '--silent'], { cwd: folder, log: 'npm' });
  const archive = readdirSync(folder).find((file) => file.startsWith(name) && file.endsWith('.tgz'));
  await run('tar', ['-xzf', archive, 'package/bin/node'], { cwd: folder });
  renameSync(join(folder, 'package/bin/node'), join(folder, 'node'));
  chmodSync(join(folder, 'node'), 0o755);
  for (const rest of ['package', archive]) rmSync(join(folder, rest), { recursive: true });
}
