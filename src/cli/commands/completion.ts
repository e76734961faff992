import { usageError } from '../cli-error.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** Completion of commands and options in a shell. The scripts hold the words themselves: nothing is run on Tab. */
export const completionCommand = (commands: () => readonly (CommandSpec | CommandGroup)[]): CommandSpec => ({
  usage: 'completion <shell>',
  summary: `Writes a script that completes commands and options: ${shells.join(', ')}`,
  examples: [
    'source <(portvakt completion bash)',
    'portvakt completion fish > ~/.config/fish/completions/portvakt.fish',
  ],
  caller: 'none',
  async run({ io, words: [shell = ''] }) {
    const found = shells.find((each) => each === shell);
    if (found === undefined) throw usageError(`there is no completion for ${shell}`, `one of ${shells.join(', ')}`);
    io.out(scripts[found](wordsOf(commands())));
  },
});

/** What may follow which words: `''` the commands, `app` the commands of app, `app create` its options. */
type Words = ReadonlyMap<string, readonly string[]>;

function wordsOf(commands: readonly (CommandSpec | CommandGroup)[]): Words {
  const words = new Map<string, readonly string[]>([['', commands.map(nameOf)]]);
  for (const each of commands) {
    if (!('commands' in each)) words.set(nameOf(each), flagsOf(each));
    else {
      words.set(each.name, [...each.commands.map(nameOf), ...each.commands.filter(isDefault).flatMap(flagsOf)]);
      for (const command of each.commands) words.set(`${each.name} ${nameOf(command)}`, flagsOf(command));
    }
  }
  return words;
}

const isDefault = (each: CommandSpec): boolean => each.isDefault === true;

const nameOf = (each: CommandSpec | CommandGroup): string =>
  'commands' in each ? each.name : (each.usage.split(' ', 1)[0] ?? '');

function flagsOf({ options = [], caller }: CommandSpec): readonly string[] {
  const own = options.map(([flags]) => flags.split(' ', 1)[0] ?? '');
  return [...own, ...(caller === 'none' ? [] : ['--env', '--as']), '--json', '--help'];
}

const cases = (words: Words): string =>
  [...words].map(([before, after]) => `    '${before}') words='${after.join(' ')}' ;;`).join('\n');

/** The words before the cursor without options; at most two of them say where one is. */
const scripts: Readonly<Record<(typeof shells)[number], (words: Words) => string>> = {
  bash: (words) => `_portvakt() {
  local place='' word words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == -* ]] && continue
    [[ $place == *' '* ]] && break
    place="\${place:+$place }$word"
  done
  case "$place" in
${cases(words)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _portvakt portvakt
`,
  zsh: (words) => `#compdef portvakt
_portvakt() {
  local place='' word words_after=''
  for word in \${words[2,CURRENT-1]}; do
    [[ $word == -* ]] && continue
    [[ $place == *' '* ]] && break
    place="\${place:+$place }$word"
  done
  case "$place" in
${cases(words).replaceAll("words='", "words_after='")}
  esac
  compadd -- \${=words_after}
}
compdef _portvakt portvakt
`,
  fish: (words) =>
    [...words]
      .map(([before, after]) => {
        const seen =
          before === ''
            ? '__fish_use_subcommand'
            : before
                .split(' ')
                .map((word) => `__fish_seen_subcommand_from ${word}`)
                .join('; and ');
        return `complete -c portvakt -f -n '${seen}' -a '${after.join(' ')}'\n`;
      })
      .join(''),
};
