import { graphRefusal } from './problems.ts';

/** A key in a path, not yet looked at: `/set/<id>`, `/set('<id>')`, or a name with its value as in `/set(appId='…')`. */
export interface GraphKey {
  readonly by: 'id' | 'appid' | 'uniquename' | 'name';
  readonly value: string;
}

/** A path after `/v1.0/`, taken apart. */
export interface GraphPath {
  /** Names in lower case, with `key` for each key: `applications/key/addpassword`. */
  readonly shape: string;
  readonly keys: readonly GraphKey[];
}

const alternateKeys: ReadonlySet<string> = new Set(['appid', 'uniquename', 'name']);
const segmentPattern = /^(\$?[A-Za-z][A-Za-z.]*)(?:\((.*)\))?$/s;

/**
 * Names and keys take turns: set, key, what is below, key. A key may stand in parentheses or as a segment of its own.
 * Split before it is decoded, so that an encoded slash stays within its segment.
 */
export function parseGraphPath(path: string): GraphPath {
  const shape: string[] = [];
  const keys: GraphKey[] = [];
  for (const segment of path
    .split('/')
    .filter((each) => each !== '')
    .map(decode)) {
    if (shape.length > 0 && shape.at(-1) !== 'key' && !isOperation(segment)) {
      keys.push({ by: 'id', value: segment });
      shape.push('key');
      continue;
    }
    const [, name = '', key] = segmentPattern.exec(segment) ?? [];
    if (name === '') return { shape: segment, keys };
    shape.push(name.toLowerCase().replace(/^microsoft\.graph\./, ''));
    if (key === undefined || key === '') continue;
    keys.push(parseKeyText(key));
    shape.push('key');
  }
  return { shape: shape.join('/'), keys };
}

/** `$count` and `$ref` follow a set where a key may. */
const isOperation = (segment: string): boolean => segment.startsWith('$');

function parseKeyText(text: string): GraphKey {
  const match = /^\s*(?:([A-Za-z]+)\s*=\s*)?(?:'((?:[^']|'')*)'|([0-9A-Fa-f-]+))\s*$/.exec(text);
  const name = match?.[1]?.toLowerCase() ?? 'id';
  const value = match?.[2]?.replaceAll("''", "'") ?? match?.[3];
  if (value === undefined || (name !== 'id' && !alternateKeys.has(name))) throw graphRefusal('invalidKey', [text]);
  return { by: parseKeyName(name), value };
}

const parseKeyName = (name: string): GraphKey['by'] => name as GraphKey['by'];

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw graphRefusal('invalidKey', [segment]);
  }
}
