// npm run dev: serve from source and start again when a file changes.
import { join } from 'node:path';
import { become, bin, install, root } from './lib.mjs';

install();
become([bin('tsx', 'tsx'), 'watch', '--clear-screen=false', join(root, 'src', 'main.ts'), ...process.argv.slice(2)]);
