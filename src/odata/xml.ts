const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

const escapeAttribute = (text: string): string => text.replace(/[&<>"\n\r\t]/g, (found) => escapes[found] ?? found);

export type XmlAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** One element as lines of text, children indented below it. Attributes that are `undefined` are left out. */
export function element(
  name: string,
  attributes: XmlAttributes,
  children: readonly (readonly string[])[] = [],
): readonly string[] {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`)
    .join('');
  const inner = children.flat();
  if (inner.length === 0) return [`<${name}${written} />`];
  return [`<${name}${written}>`, ...inner.map((line) => `  ${line}`), `</${name}>`];
}

/** One element that holds a text. */
export const textElement = (name: string, text: string): readonly string[] => [
  `<${name}>${escapeAttribute(text)}</${name}>`,
];
