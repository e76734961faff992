import { Command } from 'commander';
import { CliError, exitCodes } from './cli-error.ts';
import type { CliIo } from './cli-io.ts';
import type { CommandCall, CommandGroup, CommandSpec } from './command.ts';
import { Output } from './output.ts';
import { Session } from './session.ts';
import { findTarget } from './target.ts';

/** All commands, as commander wants them. */
export function createProgram(io: CliIo, version: string, commands: readonly (CommandSpec | CommandGroup)[]): Command {
  const program = new Command('portvakt')
    .description('Server-to-server access to Human Resources: both gates, on your own machine.')
    .version(version)
    .addHelpText('after', `\n${exitCodeHelp}`);
  configure(program, io);
  for (const each of commands) {
    if (!('commands' in each)) addCommand(program, each, { io, version });
    else {
      const group = program.command(each.name).description(each.summary);
      configure(group, io);
      for (const command of each.commands) addCommand(group, command, { io, version });
    }
  }
  return program;
}

const exitCodeHelp = `Exit codes: ${exitCodes.ok} done, ${exitCodes.fault} a fault of the program, ${exitCodes.usage} wrong use, \
${exitCodes.unreachable} no answer from the server, ${exitCodes.refused} refused by the server, \
${exitCodes.different} something differs, a check failed, or it is not allowed.`;

/** Commander throws instead of ending the process, and writes where it is told to. */
function configure(command: Command, io: CliIo): void {
  command
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, getOutHasColors: () => io.isTerminal })
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows how it is used)');
}

const targetFlags = [
  [
    '--env <file>',
    "Lines KEY='value' that say where the server is, and credentials (default: demo.env or admin.env of the data folder)",
  ],
  ['--as <who>', 'Whose credentials of them: ats for CLIENT_ID, admin for ADMIN_CLIENT_ID, and so on'],
] as const;

/** What commands have of the program around them. */
interface Around {
  readonly io: CliIo;
  readonly version: string;
}

function addCommand(parent: Command, spec: CommandSpec, around: Around): void {
  const { io } = around;
  const command = parent.command(spec.usage, { isDefault: spec.isDefault === true }).description(spec.summary);
  configure(command, io);
  for (const [flags, meaning] of spec.options ?? []) command.option(flags, meaning);
  if (spec.caller !== 'none') for (const [flags, meaning] of targetFlags) command.option(flags, meaning);
  command.option('--json', 'Write JSON');
  command.addHelpText('after', `\nExamples:\n${spec.examples.map((example) => `  ${example}`).join('\n')}`);
  command.action(async () => spec.run(callOf(spec, command, around)));
}

function callOf(spec: CommandSpec, command: Command, { io, version }: Around): CommandCall {
  const options: Readonly<Record<string, unknown>> = command.opts();
  const option = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  let session: Session | undefined;
  return {
    words: command.processedArgs,
    option,
    isSet: (name) => options[name] === true,
    output: new Output(io, { isJson: options['json'] === true }),
    io,
    version,
    get session() {
      session ??= new Session(findTarget(io.environment, chosen(option), spec.caller === 'ats' ? 'ats' : 'admin'));
      return session;
    },
    findTarget: (as) => orNone(() => findTarget(io.environment, { ...chosen(option), as }, as)),
  };
}

function orNone<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}

function chosen(option: (name: string) => string | undefined) {
  const [env, as] = [option('env'), option('as')];
  return { ...(env === undefined ? {} : { env }), ...(as === undefined ? {} : { as }) };
}
