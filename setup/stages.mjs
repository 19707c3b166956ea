import { build } from './stages/build.mjs';
import { compose } from './stages/compose.mjs';
import { engine } from './stages/engine.mjs';
import { images } from './stages/images.mjs';
import { node } from './stages/node.mjs';
import { packages } from './stages/packages.mjs';
import { temporal } from './stages/temporal.mjs';
import { temporalServer } from './stages/temporal-server.mjs';

/**
 * The stages in their order; those in one group are independent and run in parallel. Each has
 * - `look(flags)`: changes nothing; `{ done }` says what is in place, `{ missing, plan, refusal?, rows? }` what is missing, what
 *   set-up would do, why it may not (a Failure), and for a stage of many things each of them;
 * - `fix({ say, flags })`: does it, and returns what it did.
 * One that is `forLongTests` is left out unless these, or the stage, are asked for.
 *
 * @type {{ name: string, why: string, forLongTests?: true, look: Function, fix: Function }[][]}
 */
export const groups = [[node], [packages], [build], [engine], [compose], [temporal, temporalServer, images]];

/** Whether these flags ask for the stage. */
export const isAsked = ({ name, forLongTests }, { only, withLongTests }) =>
  only ? only.includes(name) : !forLongTests || Boolean(withLongTests);

export const stageNames = groups.flat().map((stage) => stage.name);
