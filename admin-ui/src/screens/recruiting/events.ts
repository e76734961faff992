import type { ApiClient, Rows } from '../../api/api-client.ts';
import { query } from '../../api/odata.ts';

/** A business event. */
export interface BusinessEvent {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: Readonly<Record<string, string | number | null>>;
}

export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly isEnabled: boolean;
  readonly oldSecretUntil: string | null;
  readonly createdAt: string;
}

export interface Delivery {
  readonly webhookId: string;
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly state: 'pending' | 'delivered' | 'dead' | 'skipped';
  readonly attempts: number;
  readonly due: string;
  readonly status: number | null;
  readonly failure: string | null;
  readonly changedAt: string;
}

export const webhooksPath = '/portvakt/v1/webhooks';

/** The webhooks of the environment. */
export async function listWebhooks(api: ApiClient, signal: AbortSignal): Promise<Rows<Webhook>> {
  const { value } = await api.get<{ readonly value: readonly Webhook[] }>(webhooksPath, { signal });
  return { rows: value, isPartial: false };
}

/** Rows that one answer has at most. */
const most = 1000;
/** What a list loads at most. */
const enough = 20_000;

/** Events from the first one on, newest first. */
export async function listEvents(api: ApiClient, signal: AbortSignal, subject?: string): Promise<Rows<BusinessEvent>> {
  const rows: BusinessEvent[] = [];
  let after = 0;
  for (;;) {
    const path = `/portvakt/v1/events${query({ after, top: most, subject })}`;
    const page = await api.get<{ readonly value: readonly BusinessEvent[]; readonly next: number }>(path, { signal });
    rows.push(...page.value);
    if (page.value.length < most || rows.length >= enough) {
      return { rows: rows.reverse(), isPartial: page.value.length === most };
    }
    after = page.next;
  }
}

/** Deliveries of a webhook, newest first. */
export async function listDeliveries(
  api: ApiClient,
  signal: AbortSignal,
  webhookId: string,
  subject?: string,
): Promise<Rows<Delivery>> {
  const rows: Delivery[] = [];
  let before: number | undefined;
  for (;;) {
    const path = `${webhooksPath}/${webhookId}/deliveries${query({ before, top: most, subject })}`;
    const page = await api.get<{ readonly value: readonly Delivery[]; readonly next: number | null }>(path, { signal });
    rows.push(...page.value);
    if (page.next === null || rows.length >= enough) return { rows, isPartial: page.next !== null };
    before = page.next;
  }
}
