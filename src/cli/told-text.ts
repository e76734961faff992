import { type Language, languageOf } from '../kernel/language.ts';
import { usageError } from './cli-error.ts';
import type { CommandCall } from './command.ts';
import { printable } from './output.ts';

/** The language that the server's texts are shown in. @throws CliError */
export function languageOfCall({ option }: CommandCall): Language {
  const asked = option('language') ?? 'en';
  if (asked !== 'en' && asked !== 'nb') throw usageError(`--language ${asked} is not one of en, nb`);
  return languageOf(asked);
}

/** Names come from the server: they are shown, not obeyed. Writes whole lines. */
export const writerOf =
  ({ io }: CommandCall) =>
  (line: string): void =>
    io.out(`${printable(line.slice(0, -1))}\n`);
