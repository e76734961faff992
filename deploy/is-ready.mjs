// Ends with 0 when the server in this container is ready. It asks itself over the loopback address, so the certificate
// proves nothing here and is not looked at.
import { get as getPlain } from 'node:http';
import { get as getTls } from 'node:https';

const get = process.env.PORTVAKT_TLS === 'off' ? getPlain : getTls;
const options = {
  host: '127.0.0.1',
  port: process.env.PORTVAKT_PORT ?? '8443',
  path: '/readyz',
  rejectUnauthorized: false,
};
get({ ...options, timeout: 2000 }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
