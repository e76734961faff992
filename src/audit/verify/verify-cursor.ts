import { BadCursor } from '../read-audit.ts';
import type { RunPlace } from './walk-run.ts';
import type { SealPlace } from './walk-seals.ts';

/** How far a check has come. */
export type VerifyPlace =
  | { readonly phase: 'seals'; readonly total: number; readonly at: SealPlace }
  /** `run` absent: the run that was opened after seal `opening` is next. */
  | { readonly phase: 'runs'; readonly total: number; readonly opening: number; readonly run?: RunPlace }
  | { readonly phase: 'rest'; readonly total: number; readonly after: string };

/** As text that a caller gives back. Who changes it misleads nobody but themselves. */
export const renderVerifyCursor = (place: VerifyPlace): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws BadCursor */
export function parseVerifyCursor(text: string): VerifyPlace {
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (isPlace(place)) return place;
  } catch {
    // Told below.
  }
  throw new BadCursor('not a cursor of a check');
}

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 200;

const isRunPlace = ({ run, last, prev, from }: Members): boolean =>
  isText(run) && isCount(last) && isCount(from) && Array.isArray(prev) && prev.length <= 2 && prev.every(isText);

function isPlace(value: unknown): value is VerifyPlace {
  if (!isObject(value) || !isCount(value['total'])) return false;
  const { phase, at, opening, run, after } = value;
  if (phase === 'seals') return isObject(at) && isCount(at['number']) && isText(at['hash']);
  if (phase === 'runs') return isCount(opening) && (run === undefined || (isObject(run) && isRunPlace(run)));
  return phase === 'rest' && isText(after);
}
