import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen } from '../../src/http/listener.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { followCertificate } from '../../src/serve.ts';
import { ensureDevelopmentCertificates } from '../../src/tls/development-ca.ts';
import { recordingLog } from '../support/recording-log.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portvakt-certificate-'));
});
afterAll(() => rm(folder, { recursive: true }));

const pairFor = async (name: string) => {
  await mkdir(join(folder, name));
  return ensureDevelopmentCertificates(join(folder, name), [`${name}.example`], systemClock);
};

/** Names in the certificate that a new connection is shown. */
const shown = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(new X509Certificate(socket.getPeerCertificate().raw).subjectAltName ?? '');
      socket.destroy();
    });
    socket.on('error', reject);
  });

const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it never came to hold');
};

test('a renewed certificate is used without a restart, and one that cannot be used changes nothing', async () => {
  const [before, after] = [await pairFor('before'), await pairFor('after')];
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const write = async ({ cert, key }: { cert: string; key: string }) => {
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
  };
  await write(before);
  const log = recordingLog();
  const entries = log.lines;
  const listener = await listen({
    ...{ host: '127.0.0.1', port: 0, tls: before, log: silentLog },
    surface: async () => ({ status: 200, headers: {}, body: '' }),
  });
  const stop = followCertificate({
    ...{ certFile, keyFile, first: before, log, interval: 10 },
    use: (pair) => listener.useCertificate(pair),
  });
  try {
    expect(await shown(listener.port)).toContain('before.example');
    // Half of a renewal: the certificate is there, its key is not.
    await writeFile(certFile, after.cert);
    await until(() => entries.some(({ level }) => level === 'error'));
    expect(await shown(listener.port)).toContain('before.example');
    await write(after);
    await until(async () => (await shown(listener.port)).includes('after.example'));
    await writeFile(certFile, 'no certificate');
    await until(() => entries.filter(({ level }) => level === 'error').length > 1);
    await rm(keyFile);
    expect(await shown(listener.port)).toContain('after.example');
    // Told once, not every ten seconds.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(entries.filter(({ level }) => level === 'error').length).toBeLessThan(5);
  } finally {
    stop();
    await listener.close();
  }
});
