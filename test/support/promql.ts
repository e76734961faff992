import { parser } from '@prometheus-io/lezer-promql';

/** What an expression of PromQL asks for. */
export interface Asked {
  readonly metric: string;
  /** Names of the labels that it is chosen by. */
  readonly labels: readonly string[];
}

export interface ParsedPromql {
  /** Places that are not PromQL: empty when all of it is. */
  readonly errors: readonly string[];
  readonly asked: readonly Asked[];
  /** Labels that are grouped by, or matched on. */
  readonly grouping: readonly string[];
}

/** Reads an expression with the grammar of Prometheus' own web app. */
export function parsePromql(text: string): ParsedPromql {
  const errors: string[] = [];
  const asked: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      const word = text.slice(from, to);
      if (type.isError) errors.push(`at ${from} of ${text}`);
      if (type.name === 'VectorSelector') asked.push({ metric: '', labels: [] });
      const selector = asked.at(-1);
      if (type.name === 'Identifier' && selector !== undefined) selector.metric = word;
      if (type.name !== 'LabelName') return;
      if (node.parent?.name === 'GroupingLabels') grouping.push(word);
      else selector?.labels.push(word);
    },
  });
  return { errors, asked, grouping };
}
