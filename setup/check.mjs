import { groups, isAsked } from './stages.mjs';

/** `--check`: a table of what is installed and what set-up would do. Changes nothing; returns whether everything is ready. */
export async function check(flags) {
  const stages = groups.flat().filter((stage) => isAsked(stage, flags));
  const rows = [];
  for (const stage of stages) {
    const found = await stage.look(flags);
    for (const row of found.rows ?? [found]) rows.push({ ...row, stage: stage.name, refusal: found.refusal });
  }
  const width = Math.max(...rows.map((row) => row.stage.length));
  for (const row of rows) {
    console.log(`${row.done ? '✔' : '✘'} ${row.stage.padEnd(width)}  ${row.done ?? `${row.missing} → ${planOf(row)}`}`);
  }
  const missing = rows.filter((row) => !row.done).length;
  console.log(missing ? `${missing} missing; \`npm run setup\` does what the arrows say.` : 'Everything is ready.');
  return missing === 0;
}

function planOf({ plan, refusal }) {
  return refusal ? `you need to act: ${refusal.remedy}` : plan;
}
