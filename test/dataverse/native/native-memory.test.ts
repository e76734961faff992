import { MemoryStore } from '../../support/memory-store.ts';
import { describeNative } from './native-suite.ts';

describeNative('memory', async () => ({ store: new MemoryStore(), close: async () => undefined }));
