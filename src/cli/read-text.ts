import { readFileSync } from 'node:fs';
import { usageError } from './cli-error.ts';

/** The text of a file that the user named. @throws CliError when it cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
