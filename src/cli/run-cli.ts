import { CommanderError } from 'commander';
import { CliError, type ExitCode, exitCodes } from './cli-error.ts';
import { type CliIo, processIo } from './cli-io.ts';
import { commands } from './commands/all.ts';
import { createProgram } from './program.ts';

/**
 * Runs one command line, without the words `node portvakt`.
 * @returns the exit code; what went wrong stands on standard error in one line, and the fix in a second one
 */
export async function runCli(words: readonly string[], version: string, io: CliIo = processIo): Promise<ExitCode> {
  try {
    await createProgram(io, version, commands).parseAsync(words, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    return tell(error, io);
  }
}

async function tell(error: unknown, io: CliIo): Promise<ExitCode> {
  // Commander has written its message already; help and version are thrown as well.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof CliError) {
    io.err(`portvakt: ${error.message}\n${error.fix === undefined ? '' : `  fix: ${error.fix}\n`}`);
    return error.exitCode;
  }
  const { isAdministratorsError } = await import('../administrators-error.ts');
  if (isAdministratorsError(error)) {
    io.err(`portvakt: ${error.message}\n`);
    return exitCodes.usage;
  }
  io.err(`portvakt: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.fault;
}
