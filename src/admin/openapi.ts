import { operatorRoles } from '../kernel/operator.ts';
import type { AdminRoute } from './call.ts';
import type { Members } from './members.ts';
import { adminProblems } from './problems.ts';
import { adminRoutes } from './routes.ts';

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const guid: Schema = { type: 'string', format: 'uuid' };
const uri: Schema = { type: 'string', format: 'uri' };
const listOf = (items: Schema): Schema => ({ type: 'array', items });
/** Every member is always there. */
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

const tenant = { id: guid, displayName: text, domains: listOf(text), authorityUrl: uri, environments: listOf(text) };

const moment: Schema = { type: 'string', format: 'date-time' };
const whole: Schema = { type: 'integer' };
const keys = {
  current: object({ kid: text, since: moment }),
  next: object({ kid: text, publishedAt: moment, signsFrom: moment }),
  retired: listOf(object({ kid: text, acceptedUntil: moment })),
  isRotationAsked: { type: 'boolean' },
  rotationDue: { type: ['string', 'null'], format: 'date-time' },
};

const webhook = {
  id: guid,
  name: text,
  url: uri,
  types: listOf(text),
  isEnabled: { type: 'boolean' },
  oldSecretUntil: { type: ['string', 'null'], format: 'date-time' },
  createdAt: moment,
};

const operator = {
  id: guid,
  name: text,
  role: { type: 'string', enum: operatorRoles },
  isEnabled: { type: 'boolean' },
  hasPassword: { type: 'boolean' },
  passkeys: whole,
  createdAt: moment,
} as const;
const invitation = object({ link: uri, expiresAt: moment });

const steps: Schema = listOf({
  ...object({ action: text, from: whole, to: whole }),
  description: '`only`: `workflow` or `noWorkflow`, where the step needs that the legal entity has one, or none.',
});

const localized = object({ en: text, nb: text });
const state: Schema = { type: 'string', enum: ['passed', 'failed', 'not reached', 'not asked'] };
const evidence: Schema = { type: 'object' };

const conditions: Schema = listOf({
  ...object({
    ...{
      id: text,
      gate: { type: 'string', enum: ['directory', 'dataverse', 'human-resources'] },
      title: localized,
    },
    ...{ state, evidence },
    nearMisses: listOf(object({ kind: text, text: localized, evidence })),
    fixes: listOf({
      ...object({
        title: localized,
        gain: { type: 'number' },
        operations: listOf({
          ...object({ surface: text, method: text, path: text, cliCommand: text, preview: localized }),
          description: 'POST and PATCH have a member `body` too.',
        }),
      }),
      description: '`waitSeconds` where waiting is what helps.',
    }),
  }),
  description:
    'In the order of evaluation. `decidedThen`: the state when an explained request was refused, where it was.',
});

const rowCount: Schema = { type: 'object', description: 'Rows of the table, and what each condition took away.' };

/** docs/explain.md says what each member means. */
const explanation: Schema = {
  type: 'object',
  required: ['request', 'chain', 'conditions', 'hasChanged', 'others'],
  properties: {
    request: ref('AuditEntry'),
    chain: text,
    decidedThen: { type: 'object', properties: { condition: text, data: evidence }, required: ['condition'] },
    hasChanged: { type: 'boolean' },
    firstFailed: text,
    conditions,
    rows: rowCount,
    others: listOf({ type: 'object', description: 'Further requests with the same id.' }),
  },
};

/** docs/can-i.md says what each member means. */
const canI: Schema = {
  type: 'object',
  required: ['asked', 'allowed', 'outcome', 'conditions', 'unknown'],
  properties: {
    asked: { type: 'object', description: 'The question as it was understood.' },
    allowed: { type: 'boolean' },
    outcome: { type: 'string', enum: ['allowed', 'refused', 'not found'] },
    found: { type: 'boolean' },
    firstFailed: text,
    conditions,
    unknown: listOf(text),
    rows: rowCount,
  },
};

const somebody: Schema = {
  ...object({ clientId: guid, name: text, outcome: text, securityRoles: listOf(text), hrRoles: listOf(text) }),
  description: '`condition`, `conditionTitle`: the first that is not met; `hrUser`: whom it is linked to.',
};

const use = object({ shapes: listOf({ type: 'object' }), count: whole });
const proof = { ...object({ use, condition: text }), description: 'What is refused without it.' };

const advice: Schema = {
  type: 'object',
  required: ['application', 'period', 'securityRole', 'today', 'uncovered', 'warnings', 'makeRoles', 'switchRoles'],
  properties: {
    application: object({ clientId: guid, name: text }),
    period: object({ requests: whole, uses: whole, notUnderstood: whole, isCutOff: { type: 'boolean' } }),
    securityRole: object({
      privileges: listOf(object({ name: text, depth: text, depthIs: text, proof })),
      keeps: listOf(text),
    }),
    humanResources: {
      ...object({ user: text, duties: listOf(text), privileges: listOf(object({ privilege: text, proof })) }),
      description: 'Absent where no virtual table was used. `legalEntities`: a list, or `all`.',
    },
    today: {
      ...object({ securityRoles: listOf(text), hrRoles: listOf(text), hrPrivileges: listOf({ type: 'object' }) }),
      description: '`privileges`: what is held, with `lastUsed`; absent for a System Administrator.',
    },
    uncovered: listOf(object({ use, condition: text, evidence: { type: 'object' } })),
    warnings: listOf(localized),
    makeRoles: listOf({ type: 'object' }),
    switchRoles: listOf({ type: 'object' }),
  },
};

/** What the operations answer. */
const schemas: Readonly<Record<string, Schema>> = {
  Tenant: object(tenant),
  TenantList: object({ value: listOf(ref('Tenant')) }),
  NewTenant: object({
    ...tenant,
    administrator: object({ clientId: guid, clientSecret: text, secretEnds: { type: 'string', format: 'date-time' } }),
  }),
  Environment: object({
    id: guid,
    tenantId: guid,
    uniqueName: text,
    name: text,
    url: uri,
    isFirst: { type: 'boolean' },
    isFrozen: { type: 'boolean' },
    authorityUrl: uri,
    webApiUrl: uri,
  }),
  EnvironmentList: object({ value: listOf(ref('Environment')) }),
  AuditPage: object({ value: listOf(ref('AuditEntry')), next: { type: ['string', 'null'] } }),
  AuditEntry: {
    ...object({ time: moment, run: guid, number: whole, kind: text, outcome: text, surface: text, requestId: guid }),
    description: 'Members that are not known are absent; docs/audit.md lists all.',
    additionalProperties: { type: ['string', 'number', 'object', 'array'] },
  },
  AuditCheck: object({
    findings: listOf({
      ...object({ kind: text, from: whole, to: whole, text }),
      description: '`run` where it is about entries, else it is about seals; `column` where it is known.',
    }),
    ...{ seals: whole, segments: whole, entries: whole, unchained: whole, pruned: whole, total: whole },
    next: { type: ['string', 'null'] },
  }),
  AuditPruned: object({
    ...{ before: moment, runs: whole, segments: whole, entries: whole },
    isDry: { type: 'boolean' },
  }),
  AuditSeal: object({
    ...{ number: whole, time: moment, kind: text, run: text, last: whole },
    ...{ link: text, prev: text, hash: text },
  }),
  Explanation: explanation,
  CanI: canI,
  WhoCan: object({ asked: { type: 'object' }, can: listOf(somebody), cannot: listOf(somebody) }),
  Advice: advice,
  Simulation: object({
    ...{ requests: whole, uses: whole, refusedToday: whole, since: moment, until: moment, holders: listOf(text) },
    isCutOff: { type: 'boolean' },
    broken: listOf(object({ clientId: guid, name: text, use, condition: text, conditionTitle: localized })),
  }),
  EventPage: object({ value: listOf(ref('Event')), next: whole }),
  Event: object({ position: whole, id: guid, type: text, subject: guid, time: moment, data: { type: 'object' } }),
  WebhookList: object({ value: listOf(ref('Webhook')) }),
  Webhook: object(webhook),
  NewWebhook: object({ ...webhook, secret: text }),
  OperatorList: object({ value: listOf(ref('Operator')) }),
  Operator: object(operator),
  InvitedOperator: object({ ...operator, invitation }),
  Invitation: invitation,
  PersonExport: object({
    id: guid,
    tables: { type: 'object', additionalProperties: listOf({ type: 'object' }) },
    withheld: listOf(text),
  }),
  PersonErasure: object({ id: guid, removed: whole, anonymised: whole }),
  RecruitingProcess: object({ requests: steps, positions: steps, candidates: steps, workflows: listOf(text) }),
  Replay: object({ events: whole }),
  DeliveryPage: object({ value: listOf(ref('Delivery')), next: { type: ['integer', 'null'] } }),
  Delivery: object({
    webhookId: guid,
    position: whole,
    eventId: guid,
    type: text,
    subject: guid,
    state: text,
    attempts: whole,
    due: moment,
    changedAt: moment,
    status: { type: ['integer', 'null'] },
    failure: { type: ['string', 'null'] },
  }),
  Keys: object(keys),
  Rotation: object({ isRotated: { type: 'boolean' }, ...keys }),
  Error: object({
    error: object({
      code: { type: 'string', enum: Object.keys(adminProblems) },
      message: text,
      details: {
        type: 'object',
        properties: { fix: text, requestId: guid },
        required: ['fix', 'requestId'],
        additionalProperties: { oneOf: [text, { type: 'number' }, listOf(text)] },
      },
    }),
  }),
};

/** The description of `/portvakt/v1` (OpenAPI 3.1), written from the list of its operations. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of adminRoutes) {
    const path = `/${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Portvakt administration',
      version: '1',
      description: 'What only Portvakt has. Errors have one shape; `details.fix` says what to do.',
    },
    servers: [{ url: '/portvakt/v1' }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token for the scope `<environment URL>/.default`, at the URL of that environment.',
        },
      },
    },
  };
}

function operation(route: AdminRoute): object {
  const { status, schema } = route.success;
  const json = (of: Schema) => ({ 'application/json': { schema: of } });
  return {
    operationId: route.operationId,
    summary: route.summary,
    parameters: parametersOf(route),
    ...(route.members === undefined ? {} : { requestBody: { required: true, content: json(schemaOf(route.members)) } }),
    responses: {
      [status]: { description: 'Done', ...(schema === undefined ? {} : { content: json(ref(schema)) }) },
      default: { description: 'Refused', content: json(ref('Error')) },
    },
  };
}

const parametersOf = ({ path, options = {} }: AdminRoute): readonly object[] => [
  ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'id' ? guid : text,
  })),
  ...Object.entries(options).map(([name, description]) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema: text,
  })),
];

const schemaOf = (members: Members): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(members).map(([name, { kind, description }]) => [name, { ...kind.schema, description }]),
  ),
  required: Object.entries(members).flatMap(([name, member]) => (member.required ? [name] : [])),
  additionalProperties: false,
});
