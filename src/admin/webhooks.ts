import type { Delivery, DeliveryState, StoredEvent, Webhook } from '../events/event-store.ts';
import type { WebhookAdministration } from '../events/webhook-administration.ts';
import { parseGuid } from '../kernel/ids.ts';
import { type AdminCall, type AdminRoute, getId } from './call.ts';
import { eventTypeList, flag, lineOf, optional, parseBody, required, wholeOf } from './members.ts';
import { AdminRefusal } from './problems.ts';

const shown = {
  name: required(lineOf(100), 'What administrators call it.'),
  url: required(lineOf(2048), 'Where events are sent by POST: https, a public address, no redirects.'),
  types: optional(eventTypeList, 'Types of events; absent or empty: all.'),
};
const changes = {
  name: optional(lineOf(100), 'What administrators call it.'),
  url: optional(lineOf(2048), 'Where events are sent from now on.'),
  types: optional(eventTypeList, 'Types of events that happen from now on.'),
  isEnabled: optional(flag, 'False: nothing is sent, and events that happen meanwhile are not kept for it.'),
};
const rotation = {
  overlapHours: optional(wholeOf(0, 720), 'Hours for which the old secret signs as well; 24 when absent.'),
};
const replay = {
  after: required(
    wholeOf(0, Number.MAX_SAFE_INTEGER),
    'Cursor: the position of the last event that is not wanted; 0 is before the first.',
  ),
};

const states = ['pending', 'delivered', 'dead', 'skipped'] as const satisfies readonly DeliveryState[];
const forEnvironment = { isForEnvironment: true } as const;
const change = { access: 'readWrite', ...forEnvironment } as const;
/** What is read, and sent again, by those who recruit; where it is sent, and signed with what, is others' to settle. */
const forRecruiting = { ...forEnvironment, isForRecruiting: true } as const;
const usualOverlap = 24;
const [usualCount, largestCount] = [100, 1000];

/** Operations on business events and webhooks of the environment at whose host they are asked. */
export const webhookRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'events',
    operationId: 'listEvents',
    summary: 'Business events in the order in which they are told',
    access: 'read',
    ...forRecruiting,
    options: {
      after: 'A cursor: the position of the last event that was seen; 0 when absent.',
      type: 'Of this type.',
      subject: 'Of this recruiting request, or of this candidate without one: its id.',
      top: `Events at most: ${usualCount} when absent, ${largestCount} at most.`,
    },
    success: { status: 200, schema: 'EventPage' },
    async run(call) {
      const [after, limit] = [parseNumber(call, 'after', 0), parseNumber(call, 'top', usualCount, largestCount)];
      const [type, subject] = [call.query.get('type') ?? undefined, call.query.get('subject') ?? undefined];
      const events = await administrationOf(call).events({ after, limit, type, subject });
      return { status: 200, body: { value: events.map(showEvent), next: events.at(-1)?.position ?? after } };
    },
  },
  {
    method: 'GET',
    path: 'webhooks',
    operationId: 'listWebhooks',
    summary: 'Webhooks of the environment',
    access: 'read',
    ...forRecruiting,
    success: { status: 200, schema: 'WebhookList' },
    run: async (call) => ({ status: 200, body: { value: (await administrationOf(call).list()).map(showWebhook) } }),
  },
  {
    method: 'POST',
    path: 'webhooks',
    operationId: 'createWebhook',
    summary: 'Makes a webhook. Its secret is in this answer and nowhere else',
    ...change,
    members: shown,
    success: { status: 201, schema: 'NewWebhook' },
    async run(call) {
      const { name, url, types = [] } = parseBody(call.request, shown);
      checkUrl(call, url);
      const { webhook, secret } = await administrationOf(call).create({ name, url, types });
      return { status: 201, location: `webhooks/${webhook.id}`, body: { ...showWebhook(webhook), secret } };
    },
  },
  {
    method: 'GET',
    path: 'webhooks/{id}',
    operationId: 'getWebhook',
    summary: 'One webhook',
    access: 'read',
    ...forRecruiting,
    success: { status: 200, schema: 'Webhook' },
    run: async (call) => ({ status: 200, body: showWebhook(await getWebhook(call)) }),
  },
  {
    method: 'PATCH',
    path: 'webhooks/{id}',
    operationId: 'changeWebhook',
    summary: 'Changes a webhook',
    ...change,
    members: changes,
    success: { status: 200, schema: 'Webhook' },
    async run(call) {
      const webhook = await getWebhook(call);
      const {
        name = webhook.name,
        url = webhook.url,
        types = webhook.types,
        isEnabled = webhook.isEnabled,
      } = parseBody(call.request, changes);
      checkUrl(call, url);
      const changed = await administrationOf(call).change(webhook, { name, url, types, isEnabled });
      return { status: 200, body: showWebhook(changed) };
    },
  },
  {
    method: 'DELETE',
    path: 'webhooks/{id}',
    operationId: 'deleteWebhook',
    summary: 'Deletes a webhook with its deliveries',
    ...change,
    success: { status: 204 },
    async run(call) {
      await administrationOf(call).remove((await getWebhook(call)).id);
      return { status: 204 };
    },
  },
  {
    method: 'POST',
    path: 'webhooks/{id}/rotateSecret',
    operationId: 'rotateWebhookSecret',
    summary: 'Gives a webhook a new secret; the old one signs as well for a while',
    ...change,
    members: rotation,
    success: { status: 200, schema: 'NewWebhook' },
    async run(call) {
      const { overlapHours = usualOverlap } = parseBody(call.request, rotation);
      const { webhook, secret } = await administrationOf(call).rotate(await getWebhook(call), overlapHours);
      return { status: 200, body: { ...showWebhook(webhook), secret } };
    },
  },
  {
    method: 'POST',
    path: 'webhooks/{id}/replay',
    operationId: 'replayEvents',
    summary: 'Has all events after a cursor sent, also those that were sent before',
    access: 'readWrite',
    ...forRecruiting,
    members: replay,
    success: { status: 200, schema: 'Replay' },
    async run(call) {
      const { after } = parseBody(call.request, replay);
      return { status: 200, body: { events: await administrationOf(call).replay(await getWebhook(call), after) } };
    },
  },
  {
    method: 'GET',
    path: 'webhooks/{id}/deliveries',
    operationId: 'listDeliveries',
    summary: 'Deliveries of a webhook, newest first; state=dead lists what was given up',
    access: 'read',
    ...forRecruiting,
    options: {
      state: `One of ${states.join(', ')}.`,
      subject: 'Of this recruiting request, or of this candidate without one: its id.',
      before: 'The `next` of the page before.',
      top: `Deliveries at most: ${usualCount} when absent, ${largestCount} at most.`,
    },
    success: { status: 200, schema: 'DeliveryPage' },
    async run(call) {
      const sent = call.query.get('state');
      const state = states.find((each) => each === sent);
      if (sent !== null && state === undefined)
        throw new AdminRefusal('optionInvalid', ['state', `one of ${states.join(', ')}`]);
      const limit = parseNumber(call, 'top', usualCount, largestCount);
      const before = call.query.has('before') ? parseNumber(call, 'before', 0) : undefined;
      const subject = call.query.get('subject') ?? undefined;
      const { id } = await getWebhook(call);
      const found = await administrationOf(call).deliveries({ webhookId: id, state, subject, before, limit });
      const next = found.length === limit ? (found.at(-1)?.position ?? null) : null;
      return { status: 200, body: { value: found.map(showDelivery), next } };
    },
  },
  revival('retry', 'pending', 'Has a dead delivery sent again, and those behind it after it'),
  revival('skip', 'skipped', 'Lets a dead delivery go: those behind it are sent'),
];

function revival(verb: 'retry' | 'skip', state: 'pending' | 'skipped', summary: string): AdminRoute {
  return {
    method: 'POST',
    path: `webhooks/{id}/deliveries/{position}/${verb}`,
    operationId: `${verb}Delivery`,
    summary,
    access: 'readWrite',
    ...forRecruiting,
    success: { status: 204 },
    async run(call) {
      const text = call.parameters['position'] ?? '';
      const { id } = await getWebhook(call);
      const isDone = /^\d{1,15}$/.test(text) && (await administrationOf(call).revive(id, Number(text), state));
      if (!isDone) throw new AdminRefusal('deliveryNotDead', [text]);
      return { status: 204 };
    },
  };
}

const administrationOf = ({ webhooks }: AdminCall): WebhookAdministration => webhooks;

async function getWebhook(call: AdminCall): Promise<Webhook> {
  const id = getId(call);
  const webhook = await administrationOf(call).find(id);
  if (webhook === undefined) throw new AdminRefusal('webhookUnknown', [id]);
  return webhook;
}

function checkUrl(call: AdminCall, url: string): void {
  const fault = administrationOf(call).findUrlFault(url);
  if (fault !== undefined) throw new AdminRefusal('webhookUrlRefused', [url, fault]);
}

function parseNumber({ query }: AdminCall, name: string, usual: number, most = Number.MAX_SAFE_INTEGER): number {
  const sent = query.get(name);
  if (sent === null) return usual;
  const number = /^\d{1,15}$/.test(sent) ? Number(sent) : -1;
  const least = name === 'top' ? 1 : 0;
  if (number >= least && number <= most) return number;
  throw new AdminRefusal('optionInvalid', [name, `a number from ${least} to ${most}`]);
}

const showEvent = ({ position, id, type, subject, time, data }: StoredEvent) => ({
  position,
  id,
  type,
  subject,
  time,
  data: parseData(data),
});

const parseData = (json: string): object => JSON.parse(json) as object;

const showWebhook = ({ id, name, url, types, isEnabled, oldSecretUntil, createdAt }: Webhook) => ({
  id: parseGuid(id),
  name,
  url,
  types,
  isEnabled,
  oldSecretUntil: oldSecretUntil ?? null,
  createdAt,
});

const showDelivery = ({ webhookId, status, failure, ...delivery }: Delivery) => ({
  webhookId,
  ...delivery,
  status: status ?? null,
  failure: failure ?? null,
});
