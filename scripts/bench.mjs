// npm run bench: measures against a bare server and OpenSSL in one run and prints ratios.
import { become, bin, build, install } from './lib.mjs';

install();
build();
become([bin('tsx', 'tsx'), 'bench/run.ts', ...process.argv.slice(2)]);
