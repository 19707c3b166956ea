import { Failure } from './lib/failure.mjs';
import { stageNames } from './stages.mjs';

export const usage = `usage: node setup/main.mjs [--check] [--only <stage,…>] [--quiet-when-done] [--with-product-image] [--with-long-tests]
  --check               only look: print what is there and what set-up would do; exit code 1 when something is missing
  --only <stage,…>      only these stages: ${stageNames.join(', ')}
  --quiet-when-done     say nothing about stages that have nothing to do
  --with-product-image  also build Rekindle's own image, which is rebuilt after every source change
  --with-long-tests     also what only \`npm run test:all\` needs: Elasticsearch 9's image, and Temporal's server for it`;

/** @returns {{ check?: true, help?: true, quietWhenDone?: true, withProductImage?: true, withLongTests?: true, only?: string[] }} */
export function readFlags(args) {
  const flags = {};
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = args[i].split(/=(.*)/s);
    if (name === '--check') flags.check = true;
    else if (name === '--help' || name === '-h') flags.help = true;
    else if (name === '--quiet-when-done') flags.quietWhenDone = true;
    else if (name === '--with-product-image') flags.withProductImage = true;
    else if (name === '--with-long-tests') flags.withLongTests = true;
    else if (name === '--only') flags.only = stagesIn(inline ?? args[++i]);
    else throw new Failure(`Unknown option ${args[i]}`, usage, 2);
  }
  return flags;
}

function stagesIn(text = '') {
  const names = text.split(',').filter(Boolean);
  const unknown = names.filter((name) => !stageNames.includes(name));
  if (names.length && !unknown.length) return names;
  throw new Failure(
    unknown.length ? `--only: there is no stage ${unknown.join(', ')}` : '--only needs the name of a stage',
    `Stages: ${stageNames.join(', ')}`,
    2,
  );
}
