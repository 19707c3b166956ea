import { isNodeExists, isNoNode } from './zookeeper.mjs';

/**
 * kazoo's LockingQueue, the layout that Nuvla's job engine uses:
 * `<path>/entries/entry-PPP-SSSSSSSSSS` (persistent, lower priority first) and `<path>/taken/<same name>` (ephemeral).
 */
export class LockingQueue {
  constructor(session, path = '/job') {
    this.session = session;
    this.entries = `${path}/entries`;
    this.taken = `${path}/taken`;
  }

  /** Both parents; safe to call again. */
  async ensure() {
    await this.session.makePath(this.entries);
    await this.session.makePath(this.taken);
  }

  /** Puts a value; answers the entry's path. `priority`: 0 (first) to 999. */
  put(value, priority) {
    const prefix = `${this.entries}/entry-${String(priority).padStart(3, '0')}-`;
    return this.session.create(prefix, value, { sequential: true });
  }

  /**
   * Takes the first entry that nobody else holds: `{ name, value }`, or undefined when there is none.
   * A session holds one entry at a time: a lock that already bears its id is one whose answer was lost on the way.
   */
  async take() {
    const takenByOthers = new Set();
    for (const name of await this.session.children(this.taken)) {
      if ((await this.session.read(`${this.taken}/${name}`)) !== this.session.id) takenByOthers.add(name);
    }
    const names = (await this.session.children(this.entries)).filter((name) => !takenByOthers.has(name)).sort();
    for (const name of names) {
      if (!(await this.#lock(name))) continue;
      const value = await this.session.read(`${this.entries}/${name}`);
      if (value !== undefined) return { name, value };
      // Consumed by another one between the list and the lock.
      await this.session.remove(`${this.taken}/${name}`);
    }
    return undefined;
  }

  async #lock(name) {
    const path = `${this.taken}/${name}`;
    try {
      await this.session.create(path, this.session.id, { ephemeral: true });
      return true;
    } catch (error) {
      if (isNodeExists(error)) return (await this.session.read(path)) === this.session.id;
      throw error;
    }
  }

  /** The entry is done: entry and lock go together. False when the lock was lost meanwhile. */
  async consume(name) {
    const holder = await this.session.read(`${this.taken}/${name}`);
    if (holder !== this.session.id) return false;
    await this.session.remove(`${this.entries}/${name}`, `${this.taken}/${name}`);
    return true;
  }

  /** Takes back an entry that was put (its document could not be written). */
  async withdraw(path) {
    try {
      await this.session.remove(path);
    } catch (error) {
      if (!isNoNode(error)) throw error;
    }
  }
}
