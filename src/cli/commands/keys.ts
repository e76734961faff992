import type { CommandGroup } from '../command.ts';
import { parseRow } from '../session.ts';

/** Signing keys of the authority. */
export const keyCommands: CommandGroup = {
  name: 'keys',
  summary: 'Signing keys of the token authority',
  commands: [
    {
      usage: 'list',
      summary: 'Shows the keys by their ids; nothing private',
      examples: ['portvakt keys list'],
      async run({ session, output }) {
        output.json(await session.portvakt('keys'));
      },
    },
    {
      usage: 'rotate',
      summary: 'Has the next key sign',
      options: [
        ['--mode <mode>', 'safe (default): when clients know the next key; now; emergency: refuses all older tokens'],
      ],
      examples: ['portvakt keys rotate', 'portvakt keys rotate --mode emergency'],
      async run({ session, output, option }) {
        const body = { mode: option('mode') ?? 'safe' };
        const answer = parseRow(await session.portvakt('keys/rotate', { method: 'POST', body }));
        const { kid } = parseRow(answer['current']);
        const sentence =
          answer['isRotated'] === true ? `${kid} signs now` : 'asked for: the next key signs when clients know it';
        output.done(sentence, answer);
      },
    },
  ],
};
