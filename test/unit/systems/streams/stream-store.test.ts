import type { StreamStore } from '../../../../systems/streams/stream-store.ts';
import { fakeStreamStore } from './fake-stream-store.ts';
import { conforms } from './stream-store-conformance.ts';

describe('a store of texts in memory', () => {
  conforms(() => {
    const { store, content } = fakeStreamStore();
    return Promise.resolve({
      store: store as StreamStore<unknown>,
      spoil: () => Promise.resolve(void content.set('two', 'spoiled')),
      content: () => Promise.resolve(Object.fromEntries(content)),
    });
  });
});
