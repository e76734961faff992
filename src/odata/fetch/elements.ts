/** What a FetchXML document may hold: elements, their attributes and what may stand inside ("FetchXML reference"). */
export interface ElementRule {
  /** Attributes, in lower case. */
  readonly attributes: readonly string[];
  readonly children: readonly string[];
  /** May there be text inside? */
  readonly text?: true;
}

/** Attributes that user interfaces leave behind and that mean nothing to the server. */
const ofInterfaces = ['uiname', 'uitype', 'uihidden'];

const rowElements = ['attribute', 'all-attributes', 'no-attrs', 'no-attributes', 'order', 'filter', 'link-entity'];

export const elementRules: Readonly<Record<string, ElementRule>> = {
  fetch: {
    attributes: [
      'aggregate',
      'aggregatelimit',
      'count',
      'datasource',
      'distinct',
      'latematerialize',
      'mapping',
      'min-active-row-version',
      'no-lock',
      'options',
      'output-format',
      'page',
      'paging-cookie',
      'returntotalrecordcount',
      'top',
      'useraworderby',
      'utc-offset',
      'version',
    ],
    children: ['entity'],
  },
  entity: { attributes: ['name', 'enableprefiltering', 'prefilterparametername'], children: rowElements },
  'link-entity': {
    attributes: ['name', 'from', 'to', 'alias', 'link-type', 'intersect', 'visible'],
    children: rowElements,
  },
  attribute: {
    attributes: [
      'name',
      'alias',
      'aggregate',
      'groupby',
      'dategrouping',
      'distinct',
      'rowaggregate',
      'usertimezone',
      'addedby',
      'build',
    ],
    children: [],
  },
  'all-attributes': { attributes: [], children: [] },
  'no-attrs': { attributes: [], children: [] },
  'no-attributes': { attributes: [], children: [] },
  order: { attributes: ['attribute', 'alias', 'descending', 'entityname'], children: [] },
  filter: {
    attributes: ['type', 'hint', 'isquickfindfields', 'overridequickfindrecordlimitenabled'],
    children: ['condition', 'filter', 'link-entity'],
  },
  condition: {
    attributes: [
      'attribute',
      'column',
      'entityname',
      'operator',
      'value',
      'valueof',
      'aggregate',
      'alias',
      'rowaggregate',
      ...ofInterfaces,
    ],
    children: ['value'],
  },
  value: { attributes: ofInterfaces, children: [], text: true },
};
