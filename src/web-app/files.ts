import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

/** One file of the built web app. */
export class WebAppFile {
  readonly bytes: Buffer;
  readonly type: string;
  /** Strong entity tag of its bytes, quotes included. */
  readonly etag: string;
  readonly #compressed = new Map<Encoding, Promise<Buffer>>();

  constructor(name: string, bytes: Buffer) {
    this.bytes = bytes;
    this.type = types[extname(name)] ?? 'application/octet-stream';
    this.etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  }

  /** `false` for what is compressed by its own format. */
  get isCompressible(): boolean {
    return /^text\/|json$|svg\+xml$|javascript/.test(this.type);
  }

  /** Compressed once, when it is first asked for. */
  compressed(encoding: Encoding): Promise<Buffer> {
    const known = this.#compressed.get(encoding);
    if (known !== undefined) return known;
    const made = compressors[encoding](this.bytes);
    this.#compressed.set(encoding, made);
    return made;
  }
}

const compressors: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: promisify<Buffer, Buffer>(brotliCompress),
  gzip: promisify<Buffer, Buffer>(gzip),
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Everything that a build has left, by its path with slashes, such as `assets/index-1a2b.js`. */
export type WebAppFiles = ReadonlyMap<string, WebAppFile>;

/**
 * The built web app in memory, read again when it was built again. What is asked for is looked up by name among the files
 * that are there, so that no path leads anywhere else.
 */
export class WebAppFolder {
  readonly #folder: string;
  #loaded: { readonly builtAt: number; readonly files: Promise<WebAppFiles> } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `undefined`: it was not built. */
  async files(): Promise<WebAppFiles | undefined> {
    const builtAt = await stat(join(this.#folder, 'index.html')).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (builtAt === undefined) return undefined;
    if (this.#loaded?.builtAt !== builtAt) this.#loaded = { builtAt, files: readFolder(this.#folder) };
    return this.#loaded.files;
  }
}

async function readFolder(folder: string): Promise<WebAppFiles> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    found
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const name = path.slice(folder.length + 1).replaceAll(sep, '/');
        return [name, new WebAppFile(name, await readFile(path))] as const;
      }),
  );
  return new Map(files);
}
