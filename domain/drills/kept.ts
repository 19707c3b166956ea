import { failed, passed, type Check } from '../checks.ts';
import type { EngineInventory } from '../engine-inventory.ts';
import { listed } from '../listed.ts';
import type { RecoveryPointId } from '../recovery-points/recovery-point.ts';
import { sceneOfName, type Scene } from './scene.ts';

/** A week: what is kept takes disk, and grows old. */
export const mostKeepHours = 168;

/** What a drill keeps for a restore that promotes it. */
export interface KeptScene {
  scene: Scene;
  recoveryPoint: RecoveryPointId;
  /** ISO 8601, UTC. */
  until: string;
  /** What was in the scene when its servers had stopped. */
  inside: Pick<EngineInventory, 'containers' | 'volumes'>;
}

/** What is in a scene, by its names. */
export function insideOf({ project }: Pick<Scene, 'project'>, engine: EngineInventory): KeptScene['inside'] {
  const mine = <Thing extends { name: string }>(things: readonly Thing[]) =>
    things.filter(({ name }) => sceneOfName(name) === project).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { containers: mine(engine.containers), volumes: mine(engine.volumes) };
}

/** Whether the scene is as the drill left it: what was verified there is what will serve. */
export function checkKept(drill: string, { scene, inside, until }: KeptScene, engine: EngineInventory): Check {
  const now = insideOf(scene, engine);
  const changed = [...differing(inside.containers, now.containers), ...differing(inside.volumes, now.volumes)];
  if (changed.length === 0)
    return passed('promoted drill', `${drill} keeps ${listed(volumesOf(inside))} until ${until}`);
  return failed(
    'promoted drill',
    `What ${drill} kept is not as it left it: ${listed(changed)}`,
    'Restore beside the platform (--beside), or drill again with --keep and promote that one',
  );
}

const volumesOf = ({ volumes }: KeptScene['inside']) => volumes.map(({ name }) => name);

function differing(then: readonly { name: string }[], now: readonly { name: string }[]): string[] {
  const text = (things: readonly { name: string }[], name: string) =>
    JSON.stringify(things.find((one) => one.name === name));
  const names = new Set([...then, ...now].map(({ name }) => name));
  return [...names].filter((name) => text(then, name) !== text(now, name));
}
