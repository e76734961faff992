// npm run prove [part]: the suites at the sizes that issues name; figures are printed. docs/testing.md lists the parts.
import { become, bin, build, install } from './lib.mjs';

install();
build();
become([bin('tsx', 'tsx'), 'test/prove/run.ts', ...process.argv.slice(2)]);
