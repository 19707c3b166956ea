import { useElasticsearch } from '../servers.ts';

// The same copies from 8.19 into 9.2. The query makes the file a module of its own: in one process it may have run before.

useElasticsearch({ others: '9.2.0' });
await import(new URL('copies.test.ts?to=9', import.meta.url).href);
