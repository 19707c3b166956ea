import { build } from './stages/build.mjs';
import { compose } from './stages/compose.mjs';
import { engine } from './stages/engine.mjs';
import { images } from './stages/images.mjs';
import { node } from './stages/node.mjs';
import { packages } from './stages/packages.mjs';
import { temporal } from './stages/temporal.mjs';

/**
 * The stages in their order; those in one group are independent and run in parallel. Each has
 * - `look(flags)`: changes nothing; `{ done }` says what is in place, `{ missing, plan, refusal?, rows? }` what is missing, what
 *   set-up would do, why it may not (a Failure), and for a stage of many things each of them;
 * - `fix({ say, flags })`: does it, and returns what it did.
 *
 * @type {{ name: string, why: string, look: Function, fix: Function }[][]}
 */
export const groups = [[node], [packages], [build], [engine], [compose], [temporal, images]];

export const stageNames = groups.flat().map((stage) => stage.name);
