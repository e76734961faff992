// npm run fuzz: random requests until it is stopped, or for FUZZ_SECONDS. FUZZ_SEED begins with that number.
import { become, bin, build, install } from './lib.mjs';

install();
build();
become([bin('tsx', 'tsx'), 'test/prove/fuzz/forever.ts']);
