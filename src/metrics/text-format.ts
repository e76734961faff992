import type { Family, Sample } from './families.ts';

/** Media type of the text (Prometheus text exposition format, version 0.0.4). */
export const textType = 'text/plain; version=0.0.4; charset=utf-8';

/** Families as Prometheus reads them. */
export const renderText = (families: readonly Family[]): string => families.map(renderFamily).join('');

function renderFamily({ name, help, type, samples }: Family): string {
  const head = `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
  return head + samples.map((sample) => renderSample(name, sample)).join('');
}

function renderSample(name: string, { suffix, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  const braces = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
  return `${name}${suffix ?? ''}${braces} ${renderNumber(value)}\n`;
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function renderNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return Number.isNaN(value) ? 'NaN' : String(value);
}
