import { writeFileSync } from 'node:fs';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CommandCall, CommandSpec } from '../command.ts';
import type { Step } from '../setup/kind.ts';
import { exportSetup, planSetup } from '../setup/plan.ts';

const example = 'examples/ats.setup.yaml';

/** A set-up as one file: planned, applied, written from what exists, watched. */
export const setupCommands: readonly CommandSpec[] = [
  {
    usage: 'plan <file>',
    summary: 'Shows what would have to change so that the server is as the file says; changes nothing',
    examples: [`portvakt plan ${example}`],
    async run(call) {
      showSteps(call, await stepsOf(call));
    },
  },
  {
    usage: 'apply <file>',
    summary:
      'Makes the server as the file says; a second time changes nothing, and a half-applied file can be applied again',
    examples: [`portvakt apply ${example}`],
    run: apply,
  },
  {
    usage: 'drift <file>',
    summary: `Like plan, but ends with exit code ${exitCodes.different} when something differs`,
    examples: [`portvakt drift ${example} || echo 'somebody has changed the set-up'`],
    async run(call) {
      const steps = await stepsOf(call);
      showSteps(call, steps);
      if (steps.length > 0) throw new CliError(`${steps.length} things differ from the file`, exitCodes.different);
    },
  },
  {
    usage: 'export [file]',
    summary: 'Writes the file that describes what is there, to standard output where none is named',
    examples: ['portvakt export set-up.yaml'],
    async run({ session, output, isSet, io, words: [file] }) {
      const { stringify } = await import('yaml');
      const setup = await exportSetup(session);
      const text = isSet('json') ? `${JSON.stringify(setup, null, 2)}\n` : stringify(setup);
      if (file === undefined) return io.out(text);
      writeFileSync(file, text);
      return output.done(`written to ${file}`, { file });
    },
  },
];

/** The file is read first: what is wrong with it is told without a server. */
async function stepsOf(call: CommandCall): Promise<readonly Step[]> {
  const { readSetup } = await import('../setup/read-setup.ts');
  const setup = readSetup(call.words[0] ?? '');
  return planSetup(call.session, setup);
}

async function apply(call: CommandCall): Promise<void> {
  const steps = await stepsOf(call);
  const { output, io, isSet } = call;
  for (const [index, step] of steps.entries()) {
    if (!isSet('json')) io.err(`${index + 1}/${steps.length} ${describe(step)}\n`);
    await step.run();
  }
  const done = steps.map(({ kind, name, action }) => ({ kind, name, action }));
  output.done(steps.length === 0 ? 'nothing to do' : `done: ${steps.length}`, { done });
}

function showSteps({ output, io, isSet }: CommandCall, steps: readonly Step[]): void {
  if (isSet('json')) {
    output.json({ steps: steps.map(({ kind, name, action, differences }) => ({ kind, name, action, differences })) });
    return;
  }
  for (const step of steps) {
    io.out(`${describe(step)}\n`);
    for (const difference of step.differences) io.out(`    ${difference}\n`);
  }
  io.out(steps.length === 0 ? 'no difference\n' : `${steps.length} to do\n`);
}

const describe = ({ kind, name, action }: Step): string => `${action} ${kind} ${name}`;
