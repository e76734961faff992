import type { MessageKey } from '../../i18n/en.ts';
import type { Delivery } from './events.ts';

/** Types of events in words; others are shown as they are. */
export const eventTexts: Readonly<Record<string, MessageKey>> = {
  'recruitingRequest.activated': 'events.activated',
  'recruitingRequest.changed': 'events.changed',
  'recruitingRequest.closed': 'events.closed',
  'candidate.received': 'events.received',
  'candidate.hired': 'events.hired',
  'candidate.notHired': 'events.notHired',
  'candidate.dismissed': 'events.dismissed',
};

export const deliveryTexts: Readonly<Record<Delivery['state'], MessageKey>> = {
  pending: 'deliveries.pending',
  delivered: 'deliveries.delivered',
  dead: 'deliveries.dead',
  skipped: 'deliveries.skipped',
};
