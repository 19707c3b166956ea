import { readFile } from 'node:fs/promises';

/** The kernel's clock ticks a second, on every Linux that Node runs on. */
const ticks = 100;

/** The processor time that a process and its threads have used, in seconds. */
export async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, which comes before, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}
