import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { enclose, type Enclosure, removeControlGroups } from './enclosure.ts';
import type { Shape } from '../stack/shapes.ts';
import type { Work } from './inside.ts';
import type { Golden } from './operations.ts';
import { diskBytes, resultFile } from './place.ts';
import { foldersOf } from './prepare.ts';
import type { CaseResult } from './run-case.ts';

const execute = promisify(execFile);
/** Not /tmp, which may be memory; removed when the suite ends, and what a killed one left at the next start. */
const root = '/var/tmp';
/** Its process follows, so that a later suite knows whether it is still at work. */
const prefix = 'rekindle-chaos-';

/** The folder of one run of the suite: golden states, and one folder for each case while it runs. */
export interface Workshop {
  prepare(golden: Golden, shape: Shape, machineHost: string): Promise<void>;
  runCase(work: Omit<Extract<Work, { kind: 'case' }>, 'cgroup'>, golden: Golden): Promise<CaseResult>;
  /** Ends what runs. */
  interrupt(): Promise<void>;
  remove(): Promise<void>;
}

/** `keepLogs`: where the logs of a case go that failed or violates something; with `allLogs` those of every case. */
export async function openWorkshop(keepLogs: string, allLogs: boolean): Promise<Workshop> {
  await removeLeftovers();
  const folder = await mkdtemp(join(root, `${prefix}${process.pid}-`));
  // One path for all: each enclosure sees its own folder there.
  const at = join(folder, 'at');
  await mkdir(at);
  const running = new Set<Enclosure>();
  const cgroupOf = (name: string) => `${folder.slice(root.length + 1)}-${name}`;

  async function work(place: string, name: string, given: Work): Promise<void> {
    const enclosure = enclose(place, at, [JSON.stringify(given)]);
    running.add(enclosure);
    const code = await enclosure.ended.finally(() => running.delete(enclosure));
    await removeControlGroups(cgroupOf(name));
    if (code !== 0) throw new Error(`${name} ended with ${code}; logs: ${await keep(place, name)}`);
  }

  async function keep(place: string, name: string): Promise<string> {
    const target = join(keepLogs, name);
    await rm(target, { recursive: true, force: true });
    await mkdir(target, { recursive: true });
    await cp(join(place, 'logs'), target, { recursive: true }).catch(() => undefined);
    await cp(join(place, resultFile), join(target, resultFile)).catch(() => undefined);
    return target;
  }

  const copy = async (from: string, to: string) => {
    await rm(to, { recursive: true, force: true });
    for (const each of foldersOf(to)) await mkdir(each, { recursive: true });
    await execute('cp', ['--sparse=always', join(from, 'disk.img'), join(to, 'disk.img')]);
    await execute('cp', ['-a', join(from, 'home'), to]);
  };
  const goldenName = (golden: Golden, shape: Shape) => `${shape}-${golden}`;
  const goldenFolder = (golden: Golden, shape: Shape) => join(folder, `golden-${goldenName(golden, shape)}`);

  return {
    async prepare(golden, shape, machineHost) {
      const name = goldenName(golden, shape);
      const place = goldenFolder(golden, shape);
      const cgroup = cgroupOf(name);
      if (golden === 'restored') {
        await copy(goldenFolder('written', shape), place);
        return work(place, name, { kind: 'restored', cgroup });
      }
      for (const each of foldersOf(place)) await mkdir(each, { recursive: true });
      const disk = join(place, 'disk.img');
      await writeFile(disk, '');
      await truncate(disk, diskBytes);
      // No blocks for root alone: a full disk is full for all.
      await execute('mkfs.ext4', ['-q', '-m', '0', '-E', 'lazy_itable_init=0,lazy_journal_init=0', disk]);
      await work(place, name, { kind: 'written', shape, machineHost, cgroup });
      if (allLogs) await keep(place, name);
    },
    async runCase(given, golden) {
      const name = `case-${given.case.index}`;
      const place = join(folder, name);
      await copy(goldenFolder(golden, given.case.shape), place);
      await work(place, name, { ...given, cgroup: cgroupOf(name) });
      const result = JSON.parse(await readFile(join(place, resultFile), 'utf8')) as CaseResult;
      if (result.violations.length > 0 || allLogs) await keep(place, name);
      await rm(place, { recursive: true, force: true });
      return result;
    },
    async interrupt() {
      await Promise.all([...running].map((enclosure) => enclosure.end()));
    },
    async remove() {
      for (const enclosure of running) await enclosure.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Folders and control groups of a suite that was killed; its processes and mounts went with its enclosures. */
async function removeLeftovers(): Promise<void> {
  for (const name of (await readdir(root)).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(root, name);
    if (isAlive(Number(/^\d+/.exec(name.slice(prefix.length))?.[0]))) continue;
    for (const each of await readdir(folder)) {
      await removeControlGroups(`${name}-${each.replace(/^golden-/, '')}`);
    }
    await rm(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
