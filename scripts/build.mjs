// npm run build: the server and the web app, into dist/.
import { build, install } from './lib.mjs';

install();
build();
