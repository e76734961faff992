import type { CliIo } from './cli-io.ts';
import type { Output } from './output.ts';
import type { Session } from './session.ts';
import type { Target } from './target.ts';

/** What a command was called with. */
export interface CommandCall {
  /** The words after the command's name, in order; optional ones that were not given are `undefined`. */
  readonly words: readonly (string | undefined)[];
  /** An option by its long name in camel case, such as `correlationId`. */
  option(name: string): string | undefined;
  isSet(name: string): boolean;
  readonly output: Output;
  /** Of the program. */
  readonly version: string;
  readonly io: CliIo;
  /** Made when it is first asked for: reads where the server is. @throws CliError */
  readonly session: Session;
  /** The server as another caller, whatever `--as` says; `undefined` where its credentials are not known. */
  findTarget(who: 'ats'): Target | undefined;
}

/** A command as data: help, parsing and completion follow from it. */
export interface CommandSpec {
  /** Name and arguments, such as `add <client-id>`. */
  readonly usage: string;
  readonly summary: string;
  /** In a group: run where the word behind the group's name is no command of it. */
  readonly isDefault?: boolean;
  /** Flags and what they mean, such as `['--days <n>', 'How long it is valid']`. */
  readonly options?: readonly (readonly [flags: string, meaning: string])[];
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** Whose credentials are used where `--as` is not given; `none`: the command calls no server. */
  readonly caller?: 'admin' | 'ats' | 'none';
  run(call: CommandCall): Promise<void>;
}

/** Commands about one kind of thing, such as `portvakt app ...`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandSpec[];
}
