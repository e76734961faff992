import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClientCertificate, ensureDevelopmentCertificates } from '../../src/tls/development-ca.ts';

const now = () => new Date('2026-11-23T12:00:00Z');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portvakt-tls-'));
});
afterEach(() => rm(folder, { recursive: true }));

const pem = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

function handshake(port: number, servername: string, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', servername, ca }, () => {
      resolve(socket.authorized);
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
  });
}

describe('development certificates', () => {
  test('a client that trusts ca.pem accepts the server under localhost and its configured names, and no other', async () => {
    const certificate = await ensureDevelopmentCertificates(folder, ['hr.example.com'], () => new Date());
    const server = createServer(certificate).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const ca = await pem('ca.pem');
    const outcome = new Map<string, boolean>();
    for (const name of ['localhost', 'hr.example.com', 'other.example.com']) {
      outcome.set(name, await handshake(port, name, ca));
    }
    const untrusted = await handshake(port, 'localhost', (await createClientCertificate('x', new Date())).certificate);
    server.close();
    expect(Object.fromEntries(outcome)).toEqual({
      localhost: true,
      'hr.example.com': true,
      'other.example.com': false,
    });
    expect(untrusted).toBe(false);
  });

  test('private keys are for this user only', async () => {
    await ensureDevelopmentCertificates(folder, [], now);
    for (const name of ['ca-key.pem', 'server-key.pem']) {
      expect((await stat(join(folder, name))).mode & 0o777, name).toBe(0o600);
    }
  });

  test('a second start uses what is there', async () => {
    const first = await ensureDevelopmentCertificates(folder, [], now);
    expect(await ensureDevelopmentCertificates(folder, [], now)).toEqual(first);
  });

  test.each([
    { name: 'a host that the certificate lacks', hosts: ['new.example.com'], at: now },
    { name: 'a certificate about to end', hosts: [], at: () => new Date('2027-12-01T12:00:00Z') },
  ])('$name gives a new server certificate from the same CA', async ({ hosts, at }) => {
    const first = await ensureDevelopmentCertificates(folder, [], now);
    const ca = await pem('ca.pem');
    const second = await ensureDevelopmentCertificates(folder, hosts, at);
    expect(second.cert).not.toBe(first.cert);
    expect(await pem('ca.pem')).toBe(ca);
    expect(new X509Certificate(second.cert).verify(new X509Certificate(ca).publicKey)).toBe(true);
  });

  test.each(['ca.pem', 'server.pem'])('a damaged %s is named', async (name) => {
    await ensureDevelopmentCertificates(folder, [], now);
    await writeFile(join(folder, name), 'not a certificate');
    await expect(ensureDevelopmentCertificates(folder, [], now)).rejects.toThrow(`${join(folder, name)} is damaged`);
  });

  test.each([
    { name: 'server-key.pem', hosts: [], why: 'read at every start' },
    { name: 'ca-key.pem', hosts: ['new.example.com'], why: 'read when a certificate is made' },
  ])('a damaged $name is named: it is $why', async ({ name, hosts }) => {
    await ensureDevelopmentCertificates(folder, [], now);
    await writeFile(join(folder, name), 'not a key');
    await expect(ensureDevelopmentCertificates(folder, hosts, now)).rejects.toThrow(`${join(folder, name)} is damaged`);
  });

  test('a renewal that was killed between its two files is made again', async () => {
    await ensureDevelopmentCertificates(folder, [], now);
    const old = await pem('server.pem');
    await ensureDevelopmentCertificates(folder, ['new.example.com'], now);
    await writeFile(join(folder, 'server.pem'), old);
    const { cert, key } = await ensureDevelopmentCertificates(folder, [], now);
    expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  test('a key of another CA is not signed with', async () => {
    await ensureDevelopmentCertificates(folder, [], now);
    const ca = await pem('ca.pem');
    await rm(join(folder, 'ca.pem'));
    await ensureDevelopmentCertificates(folder, [], now);
    await writeFile(join(folder, 'ca.pem'), ca);
    await expect(ensureDevelopmentCertificates(folder, [], now)).rejects.toThrow('it is not the key of ca.pem');
  });

  test('a client certificate holds its key and a self-signed certificate', async () => {
    const made = await createClientCertificate('Demo ATS', now());
    const certificate = new X509Certificate(made.certificate);
    expect(certificate.subject).toBe('CN=Demo ATS');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(made.pem).toContain('BEGIN PRIVATE KEY');
    expect(made.pem).toContain(made.certificate);
  });
});
