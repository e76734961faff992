import type { EventStore } from '../../src/events/event-store.ts';
import type { Database } from '../../src/storage/database.ts';
import type { OpenStore } from './open-stores.ts';

/** The events of a store that is a database. */
export function eventsOf({ store }: OpenStore): EventStore {
  if (!('events' in store)) throw new Error('the store is no database');
  return (store as Database).events;
}
