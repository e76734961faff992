import { styleText } from 'node:util';
import type { ConditionVerdict } from '../explain/condition.ts';
import type { Language } from '../kernel/language.ts';
import type { CommandCall } from './command.ts';
import { writerOf } from './told-text.ts';

const marks = { passed: 'ok', failed: 'FAILED', 'not reached': '-', 'not asked': '' } as const;

/** One line for a condition; of the one that is not met also what it rests on, near misses and fixes. */
export function showCondition(call: CommandCall, condition: ConditionVerdict, language: Language): void {
  const write = writerOf(call);
  const { state, title, gate, evidence, nearMisses, fixes } = condition;
  if (state === 'not asked') return;
  const mark = marks[state].padEnd(7);
  const shown = call.io.isTerminal && state === 'failed' ? styleText('red', mark) : mark;
  call.io.out(`${shown} ${gate.padEnd(15)} ${title[language]}\n`);
  if (state !== 'failed') return;
  for (const [name, value] of Object.entries(evidence)) write(`          ${name}: ${plain(value)}\n`);
  for (const { text } of nearMisses) write(`          near: ${text[language]}\n`);
  fixes.forEach((fix, index) => {
    write(`          fix ${index + 1}: ${fix.title[language]}\n`);
    for (const { cliCommand } of fix.operations) write(`                 ${cliCommand}\n`);
  });
}

const plain = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));
