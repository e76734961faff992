import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev:ui` finds a running server; its certificate is that of the development CA. */
const server = process.env['PORTVAKT_DEV_SERVER'] ?? 'https://localhost:8443';
const proxied = ['/portvakt', '/api', '/data', '/v1.0'];

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/app/',
  plugins: [react()],
  // The server puts the nonce of each response in its place; the component library reads it from the page.
  html: { cspNonce: '__PORTVAKT_NONCE__' },
  build: {
    outDir: '../dist/admin-ui',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    // Everything that is data: URL would need a wider content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
  },
  server: {
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: server, secure: false, changeOrigin: false }])),
  },
});
