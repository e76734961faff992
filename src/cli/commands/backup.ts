import { resolve } from 'node:path';
import type { Progress, Where } from '../../backup/format.ts';
import { usageError } from '../cli-error.ts';
import type { CommandCall, CommandGroup, CommandSpec } from '../command.ts';
import { installationFlags, settingsOf } from '../installation-flags.ts';

const passphraseFlag = [
  '--passphrase-file <file>',
  'A file whose first line encrypts the private keys and credentials of the data folder; without it they are left out',
] as const;

/** Opens an installation by itself, whether a server is at work on it or not. */
export const backupCommands: CommandGroup = {
  name: 'backup',
  summary: 'Everything that an installation holds, as one file',
  commands: [
    {
      usage: 'make',
      isDefault: true,
      summary: 'Writes a backup as of this moment; the server may be running',
      options: [['--out <file>', 'The file to make'], passphraseFlag, ...installationFlags],
      examples: [
        'portvakt backup --out portvakt.backup',
        'portvakt backup make --out portvakt.backup --passphrase-file /root/backup-passphrase',
      ],
      caller: 'none',
      async run(call) {
        const out = call.option('out');
        if (out === undefined) throw usageError('say which file to make', 'portvakt backup --out portvakt.backup');
        const [{ makeBackup }, { readPassphrase }] = await Promise.all([
          import('../../backup/make-backup.ts'),
          import('../../backup/key-files.ts'),
        ]);
        const passphraseFile = call.option('passphraseFile');
        const made = await makeBackup({
          ...(await whereOf(call)),
          file: resolve(out),
          program: call.version,
          now: new Date(),
          passphrase: passphraseFile === undefined ? undefined : await readPassphrase(passphraseFile),
          progress: progressOf(call),
        });
        const keys = passphraseFile === undefined ? ', without keys and credentials' : '';
        call.output.done(
          `${out}: ${made.environments.length} environments, ${made.tables} tables, ${made.rows} rows${keys}`,
          {
            file: resolve(out),
            ...made,
            hasKeys: passphraseFile !== undefined,
          },
        );
      },
    },
    {
      usage: 'verify <file>',
      summary: 'Reads a whole backup and compares every digest in it; nothing is written',
      examples: ['portvakt backup verify portvakt.backup', 'portvakt backup verify portvakt.backup --json'],
      caller: 'none',
      async run({ words: [file = ''], output }) {
        const { verifyBackup } = await import('../../backup/read-backup.ts');
        const tables: { database: string; table: string; rows: number; sha256: string }[] = [];
        const { header, end } = await verifyBackup(file, (database, { endOfTable, rows, sha256 }) =>
          tables.push({ database, table: endOfTable, rows, sha256 }),
        );
        const sentence = `${file} is whole: made ${header.made} by ${header.program} from ${header.from}, ${end.tables} tables, ${end.rows} rows`;
        output.done(sentence, { ...header, rows: end.rows, tables });
      },
    },
  ],
};

/** Makes an installation of a backup. */
export const restoreCommand: CommandSpec = {
  usage: 'restore <file>',
  summary: 'Makes an installation of a backup, on either database; no server may be running on it',
  options: [
    ['--passphrase-file <file>', 'The file that the backup was made with, where it holds keys'],
    ['--without-keys', 'Leave the keys in the backup: new ones are made, and tokens issued so far are refused'],
    ['--replace', 'Take the place of an installation that is there; its rows are gone afterwards'],
    ...installationFlags,
  ],
  examples: [
    'portvakt restore portvakt.backup --data /var/lib/portvakt',
    'portvakt restore portvakt.backup --passphrase-file /root/backup-passphrase --replace',
  ],
  caller: 'none',
  async run(call) {
    const [{ restoreBackup }, { readPassphrase }] = await Promise.all([
      import('../../backup/restore-backup.ts'),
      import('../../backup/key-files.ts'),
    ]);
    const [file = ''] = call.words;
    const passphraseFile = call.option('passphraseFile');
    const { header, tables, rows, hasKeys } = await restoreBackup({
      ...(await whereOf(call)),
      file,
      passphrase: passphraseFile === undefined ? undefined : await readPassphrase(passphraseFile),
      withoutKeys: call.isSet('withoutKeys'),
      replaces: call.isSet('replace'),
      progress: progressOf(call),
    });
    const sentence = `restored: ${header.environments.length} environments, ${tables} tables, ${rows} rows, each read again and equal`;
    call.output.done(sentence, { environments: header.environments, made: header.made, tables, rows, hasKeys });
  },
};

async function whereOf(call: CommandCall): Promise<Where> {
  const { dataFolder, databaseUrl } = await settingsOf(call);
  return { dataFolder, databaseUrl };
}

const progressOf =
  ({ io }: CommandCall): Progress =>
  (line) =>
    io.err(`${line}\n`);
