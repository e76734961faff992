import { usageError } from '../cli-error.ts';
import type { CommandCall, CommandGroup } from '../command.ts';
import { parseRow, type Row, type Session } from '../session.ts';

const listOf = (session: Session): Promise<readonly Row[]> => session.all(session.portvakt, 'operators');

/** Names are one name in whatever case. @throws CliError */
async function pathOf({ session, words: [name = ''] }: CommandCall): Promise<string> {
  const key = name.toLowerCase();
  const found = (await listOf(session)).find((row) => String(row['name']).toLowerCase() === key);
  if (found === undefined) throw usageError(`there is no operator '${name}'`, 'portvakt operator list');
  return `operators/${found['id']}`;
}

/** A change of one member. */
const change = async (call: CommandCall, body: Row, sentence: string): Promise<void> => {
  const made = await call.session.portvakt(await pathOf(call), { method: 'PATCH', body });
  call.output.done(sentence, parseRow(made));
};

/** People who use the web app. */
export const operatorCommands: CommandGroup = {
  name: 'operator',
  summary: 'People who use the admin web app',
  commands: [
    {
      usage: 'list',
      summary: 'Shows the operators',
      examples: ['portvakt operator list'],
      async run({ session, output }) {
        output.list(await listOf(session), [
          ['NAME', (row) => row['name']],
          ['ROLE', (row) => row['role']],
          ['ENABLED', (row) => row['isEnabled']],
          ['PASSWORD', (row) => row['hasPassword']],
          ['LAST SIGN-IN', (row) => row['lastSignInAt']],
        ]);
      },
    },
    {
      usage: 'add <name>',
      summary: 'Makes an operator; the one-time link that sets a password is shown this once',
      options: [['--role <role>', 'full, readOnly or recruiting (default: readOnly)']],
      examples: ["portvakt operator add 'Kari Nordmann' --role recruiting"],
      async run({ session, output, option, words: [name = ''] }) {
        const body = { name, role: option('role') ?? 'readOnly' };
        const { invitation, ...made } = parseRow(await session.portvakt('operators', { method: 'POST', body }));
        output.show({ name: made['name'], role: made['role'], ...parseRow(invitation) });
      },
    },
    {
      usage: 'link <name>',
      summary: 'Makes another one-time link, for who has lost the password; the one before is void',
      examples: ["portvakt operator link 'Kari Nordmann'"],
      async run(call) {
        const path = `${await pathOf(call)}/invite`;
        call.output.show(parseRow(await call.session.portvakt(path, { method: 'POST' })));
      },
    },
    {
      usage: 'role <name> <role>',
      summary: 'Gives another role: full, readOnly or recruiting; all sessions of the person end',
      examples: ["portvakt operator role 'Kari Nordmann' full"],
      run: (call) => change(call, { role: call.words[1] }, `${call.words[0]} has the role ${call.words[1]}`),
    },
    {
      usage: 'disable <name>',
      summary: 'Ends all sessions of an operator, and lets no new one begin',
      examples: ["portvakt operator disable 'Kari Nordmann'"],
      run: (call) => change(call, { isEnabled: false }, `${call.words[0]} is disabled`),
    },
    {
      usage: 'enable <name>',
      summary: 'Lets an operator sign in again',
      examples: ["portvakt operator enable 'Kari Nordmann'"],
      run: (call) => change(call, { isEnabled: true }, `${call.words[0]} is enabled`),
    },
    {
      usage: 'delete <name>',
      summary: 'Removes an operator, with all sessions',
      examples: ["portvakt operator delete 'Kari Nordmann'"],
      async run(call) {
        await call.session.portvakt(await pathOf(call), { method: 'DELETE' });
        call.output.done(`${call.words[0]} is no operator any more`);
      },
    },
  ],
};
