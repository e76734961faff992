// npm start: install and build if needed, then serve. Arguments go on to the server (npm start -- --port 9443).
import { join } from 'node:path';
import { build, install, root } from './lib.mjs';

install();
build();
// In this very process: one process to signal, and a second start costs nothing extra.
process.argv = [process.argv[0], join(root, 'dist', 'main.js'), ...process.argv.slice(2)];
await import(join(root, 'dist', 'main.js'));
