import type { MessageKey } from '../../i18n/en.ts';

/** How far a privilege reaches, as the wire spells it; absent is none. */
export const depths = ['Basic', 'Local', 'Deep', 'Global'] as const;

export type Depth = (typeof depths)[number];

/** Symbol by how full it is, letter and word: never colour alone. */
export const depthLooks: Readonly<
  Record<Depth | 'None', { readonly symbol: string; readonly letter: MessageKey; readonly name: MessageKey }>
> = {
  None: { symbol: '○', letter: 'depth.none.letter', name: 'depth.none' },
  Basic: { symbol: '◔', letter: 'depth.basic.letter', name: 'depth.basic' },
  Local: { symbol: '◑', letter: 'depth.local.letter', name: 'depth.local' },
  Deep: { symbol: '◕', letter: 'depth.deep.letter', name: 'depth.deep' },
  Global: { symbol: '●', letter: 'depth.global.letter', name: 'depth.global' },
};

export const rankOf = (depth: Depth | undefined): number => (depth === undefined ? -1 : depths.indexOf(depth));
