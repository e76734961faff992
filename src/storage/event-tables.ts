import type {
  DeliveryQuery,
  EventQuery,
  EventStore,
  LeaseTimes,
  Outcome,
  StoredEvent,
  Webhook,
} from '../events/event-store.ts';
import { type OwnSql, parseDelivery, parseEvent, parseWebhook } from './event-rows.ts';

/** A transaction over tables that Portvakt keeps beside those of the model; it does not wait for writes of callers. */
export type RunOwn = <T>(job: (sql: OwnSql) => Promise<T>) => Promise<T>;

const eventColumns = 'position, id, type, subject, time, data';
const deliveryColumns =
  'd.webhook, d.position, d.event, d.type, d.subject, d.state, d.attempts, d.due, d.status, d.failure, d.changed_at';
const webhookColumns =
  'w.id, w.name, w.url, w.types, w.is_enabled, w.secret, w.old_secret, w.old_secret_until, w.created_at';

/** Events and deliveries in SQL that both databases understand. */
export class EventTables implements EventStore {
  readonly isShared: boolean;
  readonly #run: RunOwn;
  readonly #listen: (listener: () => void) => () => void;

  constructor(run: RunOwn, listen: (listener: () => void) => () => void, isShared: boolean) {
    this.#run = run;
    this.isShared = isShared;
    this.#listen = listen;
  }

  onEvents(listener: () => void): () => void {
    return this.#listen(listener);
  }

  lease(owner: string, { expired, until, beyond }: LeaseTimes): Promise<boolean> {
    return this.#run(async (sql) => {
      const rows = await sql.rows(
        `insert into @portvakt_lease (name, owner, until) values ('events', $1, $2)
         on conflict (name) do update set owner = excluded.owner, until = excluded.until
         where portvakt_lease.owner = excluded.owner or portvakt_lease.until < $3 or portvakt_lease.until > $4
         returning owner`,
        [owner, until, expired, beyond],
      );
      return rows.length > 0;
    });
  }

  async release(owner: string): Promise<void> {
    await this.#run((sql) => sql.run(`delete from @portvakt_lease where name = 'events' and owner = $1`, [owner]));
  }

  number(now: string, most: number): Promise<number> {
    return this.#run(async (sql) => {
      const [last] = await sql.rows('select max(position) from @portvakt_event');
      // The same words however many there are: statements are kept by their text.
      const numbered = await sql.rows(
        `update @portvakt_event set position = cast($1 as bigint) + fresh.place
         from (select seq as number, row_number() over (order by seq) as place
           from (select seq from @portvakt_event where position is null order by seq limit $2) as oldest) as fresh
         where portvakt_event.seq = fresh.number returning ${eventColumns}`,
        [Number(last?.[0] ?? 0), most],
      );
      if (numbered.length === 0) return 0;
      const webhooks = await readWebhooks(sql);
      const events = numbered.map(parseEvent).sort((one, other) => one.position - other.position);
      for (const event of events) {
        for (const webhook of webhooks) if (isFor(webhook, event)) await addDelivery(sql, webhook, event, now);
      }
      return events.length;
    });
  }

  due(now: string, limit: number) {
    return this.#run(async (sql) => {
      const rows = await sql.rows(
        `select ${deliveryColumns}, ${eventColumns.replace(/\w+/g, 'e.$&')}, ${webhookColumns}
         from @portvakt_delivery d
         join @portvakt_event e on e.position = d.position join @portvakt_webhook w on w.id = d.webhook
         where d.state = 'pending' and d.due <= $1 and w.is_enabled = 1
         and not exists (select 1 from @portvakt_delivery b where b.webhook = d.webhook and b.subject = d.subject
           and b.position < d.position and b.state in ('pending', 'dead'))
         order by d.due, d.position limit $2`,
        [now, limit],
      );
      return rows.map((row) => ({
        delivery: parseDelivery(row.slice(0, 11)),
        event: parseEvent(row.slice(11, 17)),
        webhook: parseWebhook(row.slice(17)),
      }));
    });
  }

  async settle(webhookId: string, position: number, outcome: Outcome, now: string): Promise<void> {
    const { state, attempts, due, status, failure } = outcome;
    await this.#run((sql) =>
      sql.run(
        `update @portvakt_delivery set state = $1, attempts = $2, due = $3, status = $4, failure = $5, changed_at = $6
         where webhook = $7 and position = $8 and state = 'pending'`,
        [state, attempts, due, status ?? null, failure ?? null, now, webhookId, position],
      ),
    );
  }

  events({ after, limit, type, subject }: EventQuery): Promise<readonly StoredEvent[]> {
    return this.#run(async (sql) => {
      const rows = await sql.rows(
        `select ${eventColumns} from @portvakt_event where position > $1
         and ($2 = '' or type = $2) and ($3 = '' or subject = $3) order by position limit $4`,
        [after, type ?? '', subject ?? '', limit],
      );
      return rows.map(parseEvent);
    });
  }

  deliveries({ webhookId, state, subject, before, limit }: DeliveryQuery) {
    return this.#run(async (sql) => {
      const rows = await sql.rows(
        `select ${deliveryColumns} from @portvakt_delivery d where d.webhook = $1 and ($2 = '' or d.state = $2)
         and ($3 = '' or d.subject = $3) and d.position < $4 order by d.position desc limit $5`,
        [webhookId, state ?? '', subject ?? '', before ?? Number.MAX_SAFE_INTEGER, limit],
      );
      return rows.map(parseDelivery);
    });
  }

  webhooks(): Promise<readonly Webhook[]> {
    return this.#run(readWebhooks);
  }

  async saveWebhook(webhook: Webhook): Promise<void> {
    const { id, name, url, types, isEnabled, secret, oldSecret, oldSecretUntil, createdAt } = webhook;
    const old = [oldSecret ?? null, oldSecretUntil ?? null];
    await this.#run(async (sql) => {
      await sql.run(
        `insert into @portvakt_webhook (id, name, url, types, is_enabled, secret, old_secret, old_secret_until, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (id) do update set name = excluded.name, url = excluded.url, types = excluded.types,
         is_enabled = excluded.is_enabled, secret = excluded.secret, old_secret = excluded.old_secret,
         old_secret_until = excluded.old_secret_until`,
        [id, name, url, JSON.stringify(types), isEnabled ? 1 : 0, secret, ...old, createdAt],
      );
    });
  }

  async deleteWebhook(id: string): Promise<void> {
    await this.#run(async (sql) => {
      await sql.run('delete from @portvakt_delivery where webhook = $1', [id]);
      await sql.run('delete from @portvakt_webhook where id = $1', [id]);
    });
  }

  revive(webhookId: string, position: number, state: 'pending' | 'skipped', now: string): Promise<boolean> {
    return this.#run(async (sql) => {
      const rows = await sql.rows(
        `update @portvakt_delivery set state = $1, attempts = 0, due = $2, changed_at = $2
         where webhook = $3 and position = $4 and state = 'dead' returning position`,
        [state, now, webhookId, position],
      );
      return rows.length > 0;
    });
  }

  replay(webhook: Webhook, after: number, now: string): Promise<number> {
    return this.#run(async (sql) => {
      const rows = await sql.rows(`select ${eventColumns} from @portvakt_event where position > $1`, [after]);
      const told = rows.map(parseEvent).filter((event) => isFor(webhook, event));
      for (const event of told) await addDelivery(sql, webhook, event, now);
      return told.length;
    });
  }
}

const isFor = ({ types, isEnabled }: Webhook, { type }: StoredEvent): boolean =>
  isEnabled && (types.length === 0 || types.includes(type));

async function readWebhooks(sql: OwnSql): Promise<readonly Webhook[]> {
  return (await sql.rows(`select ${webhookColumns} from @portvakt_webhook w order by w.created_at, w.id`)).map(
    parseWebhook,
  );
}

/** One that is there already is to be sent once more. */
async function addDelivery(sql: OwnSql, webhook: Webhook, event: StoredEvent, now: string): Promise<void> {
  await sql.run(
    `insert into @portvakt_delivery (webhook, position, event, type, subject, state, attempts, due, changed_at)
     values ($1, $2, $3, $4, $5, 'pending', 0, $6, $6)
     on conflict (webhook, position) do update set state = 'pending', attempts = 0, due = excluded.due,
     changed_at = excluded.changed_at`,
    [webhook.id, event.position, event.id, event.type, event.subject, now],
  );
}
