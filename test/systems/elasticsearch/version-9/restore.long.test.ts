import { onVersion9 } from './again.ts';

await onVersion9('restore');
