import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { failed, passed, type Check } from '../../domain/checks.ts';
import { mebibytes, memoryWords, sumOf } from '../../domain/drills/limits.ts';
import type { Scene } from '../../domain/drills/scene.ts';
import type { Room } from '../../systems/docker/disk.ts';
import type { OpenPlatform } from '../open-platform.ts';

/** What must stay for the living platform's page cache and peaks. */
const spareMemory = 256 * 1024 * 1024;
/** Logs, translogs, and what merges write before the old segments go. */
const growth = 1.1;
const marginBytes = 512 * 1024 * 1024;
/** Elasticsearch puts no shard on a disk that is fuller than this, or has less than 200 GB free, whichever is less. */
const lowWatermark = 0.85;
const mostReserve = 200e9;

/** Bytes that programs could take on this machine now without any going to swap. */
export async function availableMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? os.freemem() : Number(kilobytes) * 1024;
}

/** Whether the scene's containers may be made, and fit beside what runs, on an engine with so many processors. */
export async function checkScene(scene: Scene, { docker }: Pick<OpenPlatform, 'docker'>): Promise<Check[]> {
  const { processors } = await docker.ping();
  return [checkDrillMemory(scene, await availableMemory()), checkDrillProcessors(scene, processors)];
}

/** Whether the containers' limits together fit beside what runs. */
export function checkDrillMemory({ memory }: Scene, availableBytes: number): Check {
  const wanted = sumOf(memory) + spareMemory;
  const evidence = `${mebibytes(availableBytes)} available, ${mebibytes(wanted)} needed (${memoryWords(memory)}, and ${mebibytes(spareMemory)} to spare)`;
  if (availableBytes >= wanted) return passed('drill memory', evidence);
  return failed('drill memory', evidence, 'Lower drill.memory, or drill when less runs on this machine');
}

/** Whether the engine has as many processors as a container may take: it refuses to create one that may take more. */
export function checkDrillProcessors({ processors }: Scene, engineProcessors: number): Check {
  const evidence = `${engineProcessors} processors, of which each container may take ${processors}`;
  if (processors <= engineProcessors) return passed('drill processors', evidence);
  return failed('drill processors', evidence, `Set drill.processors to ${engineProcessors} or less`);
}

/**
 * Bytes of indices that a drill may restore: what fits on the engine's disk beside what lies there, below Elasticsearch's low watermark, and no
 * more than the platform file allows. `room` undefined: the disk could not be measured.
 */
export function mostDrillBytes(room: Room | undefined, diskBytes = Infinity): number {
  if (room === undefined) return diskBytes;
  return Math.min(diskBytes, Math.max(0, (room.freeBytes - marginBytes - reserveOf(room)) / growth));
}

const reserveOf = ({ totalBytes }: Room) => Math.min(totalBytes * (1 - lowWatermark), mostReserve);

/** Whether `wantedBytes` of indices fit; see `mostDrillBytes`. */
export function checkDrillDisk(wantedBytes: number, room: Room | undefined, diskBytes?: number): Check {
  const most = mostDrillBytes(room, diskBytes);
  const limit = diskBytes === undefined ? '' : `, drill.disk ${gigabytes(diskBytes)}`;
  const engine =
    room === undefined
      ? "the engine's disk could not be measured"
      : `${gigabytes(room.freeBytes)} free under the engine's root, of which ${gigabytes(reserveOf(room) + marginBytes)} stay free`;
  const evidence = `${gigabytes(wantedBytes)} to restore, room for ${Number.isFinite(most) ? gigabytes(most) : 'any size'} (${engine}${limit})`;
  if (wantedBytes <= most) return passed('drill disk', evidence);
  const more = diskBytes !== undefined && diskBytes === most ? ', or raise drill.disk' : '';
  return failed('drill disk', evidence, `Make room on the engine's disk (unused images, an old quarantine)${more}`);
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
