/** How a command ends; docs/command-line.md says the same to users. */
export const exitCodes = {
  ok: 0,
  fault: 1,
  usage: 2,
  unreachable: 3,
  refused: 4,
  different: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A command cannot be done. `message` is one line: what went wrong; `fix`, where there is one: what to do about it. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly fix: string | undefined;

  constructor(message: string, exitCode: ExitCode, fix?: string) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
    this.fix = fix;
  }
}

/** What the user typed cannot be carried out. */
export const usageError = (message: string, fix?: string): CliError => new CliError(message, exitCodes.usage, fix);
