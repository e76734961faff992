/** One member of a JSON object, its value as the text that stands there: numbers keep every digit. */
export interface JsonMember {
  readonly name: string;
  readonly text: string;
}

/**
 * Splits the text of one JSON object into its members without interpreting values.
 * INVARIANT: `json` was built by the database or by `JSON.stringify`, so it is well-formed and compact.
 */
export function splitObject(json: string): JsonMember[] {
  const members: JsonMember[] = [];
  let at = 1;
  while (json[at] === '"') {
    const nameEnd = stringEnd(json, at);
    const valueEnd = valueEndOf(json, nameEnd + 1);
    members.push({ name: JSON.parse(json.slice(at, nameEnd)) as string, text: json.slice(nameEnd + 1, valueEnd) });
    at = json[valueEnd] === ',' ? valueEnd + 1 : valueEnd;
  }
  return members;
}

/** Splits the text of one JSON array into the texts of its items. */
export function splitArray(json: string): string[] {
  const items: string[] = [];
  let at = 1;
  while (at < json.length - 1) {
    const end = valueEndOf(json, at);
    items.push(json.slice(at, end));
    at = end + 1;
  }
  return items;
}

export const joinObject = (members: readonly JsonMember[]): string =>
  `{${members.map((member) => `${JSON.stringify(member.name)}:${member.text}`).join(',')}}`;

/** Index after the string that begins at `at`. */
function stringEnd(json: string, at: number): number {
  let end = at + 1;
  while (json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
  return end + 1;
}

/** Index of the `,`, `}` or `]` that follows the value at `at`. */
function valueEndOf(json: string, at: number): number {
  let depth = 0;
  let end = at;
  for (;;) {
    const char = json[end];
    if (char === undefined) return end;
    if (depth === 0 && (char === ',' || char === '}' || char === ']')) return end;
    if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    end = char === '"' ? stringEnd(json, end) : end + 1;
  }
}
