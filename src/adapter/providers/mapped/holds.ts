import type { Condition, Value } from '../../../odata/query.ts';
import type { Row } from '../../../odata/row-store.ts';
import { heldIn } from './table-source.ts';

/** `neither`: a comparison with nothing. `unsure`: only the source can say, such as which of two texts comes first. */
type Truth = boolean | 'neither' | 'unsure';

/**
 * Can this row be one that was asked for? Sources filter; this finds the one that does not do as it is told. A service
 * that passes over a part of a filter would otherwise show rows that the user may not see.
 */
export function mayHold(where: Condition | undefined, row: Row): boolean {
  const truth = where === undefined ? true : judge(where, row);
  return truth === true || truth === 'unsure';
}

function judge(where: Condition, row: Row): Truth {
  switch (where.kind) {
    case 'and':
      return worst(where.of.map((each) => judge(each, row)));
    case 'or':
      return negate(worst(where.of.map((each) => negate(judge(each, row)))));
    case 'not':
      return negate(judge(where.of, row));
    case 'always':
      return true;
    case 'never':
      return false;
    case 'compare':
      return compare(where.op, heldIn(row, where.column), where.value);
    case 'in':
      return worstNot(where.values.map((value) => compare('eq', heldIn(row, where.column), value)));
    case 'text':
      return judgeText(where.op, heldIn(row, where.column), where.value);
    default:
      return 'unsure';
  }
}

/** Of statements that must all hold: false before unsure before neither before true. */
const order: readonly Truth[] = [false, 'neither', 'unsure', true];
const worst = (all: readonly Truth[]): Truth => order.find((truth) => all.includes(truth)) ?? true;
const worstNot = (all: readonly Truth[]): Truth => negate(worst(all.map(negate)));
const negate = (truth: Truth): Truth => (typeof truth === 'boolean' ? !truth : truth);

/** Text is the same without regard to case. */
const fold = (value: Value): Value => (typeof value === 'string' ? value.normalize('NFC').toLowerCase() : value);

function compare(op: string, held: Value, asked: Value): Truth {
  const [left, right] = [fold(held), fold(asked)];
  if (right === null || left === null) {
    if (op === 'eq') return right === null ? left === null : 'neither';
    if (op === 'ne') return right === null ? left !== null : true;
    return 'neither';
  }
  if (op === 'eq') return left === right;
  if (op === 'ne') return left !== right;
  return 'unsure';
}

function judgeText(op: 'contains' | 'startswith' | 'endswith', held: Value, asked: string): Truth {
  if (typeof held !== 'string') return 'neither';
  const [text, part] = [String(fold(held)), String(fold(asked))];
  const tests = { contains: text.includes(part), startswith: text.startsWith(part), endswith: text.endsWith(part) };
  return tests[op];
}
