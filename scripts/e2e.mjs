// npm run e2e <way> [newest] [files]: the end-to-end suite in one of the ways of docs/testing.md.
import { become, bin, build, install } from './lib.mjs';

install();
build();
become([bin('tsx', 'tsx'), 'test/prove/end-to-end.ts', ...process.argv.slice(2)]);
