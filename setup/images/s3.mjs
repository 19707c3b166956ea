import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { goInstalled } from '../lib/go.mjs';

/** Puts the VersityGW program, built with Go, into the build context. */
export async function stageS3(folder, version, say) {
  const program = { module: 'github.com/versity/versitygw/cmd/versitygw', version: `v${version}` };
  copyFileSync(await goInstalled(program, say), join(folder, 'versitygw'));
}
