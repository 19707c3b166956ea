import { groups } from './stages.mjs';

/** `--check`: a table of what is there and what set-up would do. Changes nothing; returns whether all is there. */
export async function check(flags) {
  const stages = groups.flat().filter((stage) => !flags.only || flags.only.includes(stage.name));
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
  console.log(missing ? `${missing} missing; \`npm run setup\` does what the arrows say.` : 'Everything is there.');
  return missing === 0;
}

function planOf({ plan, refusal }) {
  return refusal ? `yours to do: ${refusal.remedy}` : plan;
}
