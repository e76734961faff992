import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { settleAll } from './client.ts';
import { credentialsOf, type Who } from './connection.ts';
import { root } from './process.ts';

export interface ScriptResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of the project as a user would after `. data/demo.env`, as one of the demo's applications. */
export async function runScript(
  server: { readonly env: Readonly<Record<string, string | undefined>> },
  script: string,
  who: Who = 'ats',
  variables: Readonly<Record<string, string>> = {},
): Promise<ScriptResult> {
  const { id, secret } = credentialsOf(server.env, who);
  const env = { ...process.env, ...server.env, CLIENT_ID: id, CLIENT_SECRET: secret, ...variables };
  const ran = await new Promise<ScriptResult>((resolve, reject) => {
    execFile(process.execPath, [join(root, script)], { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
  await settleAll();
  return ran;
}
