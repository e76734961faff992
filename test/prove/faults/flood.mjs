// A client that does not listen: sends one request after the other without waiting for answers, at a rate of its own.
// Argument: JSON { port, host, ca, path, token, perSecond, seconds, connections }. Prints JSON: what was sent and answered.
import { connect } from 'node:tls';

const { port, host, ca, path, token, perSecond, seconds, connections } = JSON.parse(process.argv[2]);
const bytes = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
/** Bytes that one connection may have waiting: what is not read any more is not sent either. */
const mostWaiting = 256 * 1024;
const told = { sent: 0, unsent: 0, statuses: {}, retryAfters: 0, closed: 0 };
let isOver = false;

function open() {
  const socket = connect({ port, host: '127.0.0.1', servername: host, ca });
  let rest = '';
  socket.on('data', (chunk) => {
    const text = rest + chunk.toString('latin1');
    // What may be the beginning of something that is counted waits for the next piece.
    const end = Math.max(0, text.length - 16);
    for (const { 1: status, index } of text.matchAll(/HTTP\/1\.1 (\d{3})/g))
      if (index < end) told.statuses[status] = (told.statuses[status] ?? 0) + 1;
    for (const { index } of text.matchAll(/retry-after: /gi)) if (index < end) told.retryAfters += 1;
    rest = text.slice(end);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (isOver) return;
    told.closed += 1;
    setTimeout(() => {
      sockets[sockets.indexOf(socket)] = open();
    }, 20);
  });
  return socket;
}

const sockets = [];
for (let at = 0; at < connections; at++) sockets.push(open());
let due = 0;
let next = 0;
const began = performance.now();
const timer = setInterval(() => {
  due = ((performance.now() - began) / 1000) * perSecond - told.sent - told.unsent;
  for (; due >= 1; due--) {
    const socket = sockets[next++ % connections];
    if (socket.writable && socket.writableLength < mostWaiting) {
      socket.write(bytes);
      told.sent += 1;
    } else told.unsent += 1;
  }
}, 10);
setTimeout(() => {
  clearInterval(timer);
  isOver = true;
  for (const socket of sockets) socket.destroy();
  process.stdout.write(JSON.stringify(told));
  process.exit(0);
}, seconds * 1000);
