import { BoundedCache } from '../../../kernel/bounded-cache.ts';
import type { StatementKind } from '../../../kernel/probe.ts';
import type { PlanBuilder, Render } from '../plan-builder.ts';
import { kindOfStatement } from '../statement-kind.ts';
import type { Connection, Statement } from './binding.ts';

const keptStatements = 500;
/** The server keeps what a connection has prepared until it ends: after so many statements the connection is replaced. */
const mostPerConnection = 500;

/** One whose time is told. */
export interface TimedStatement extends Statement {
  readonly kind: StatementKind;
  /** Its text without the values that stand in it (`PlanBuilder.weighed`). */
  readonly told: string;
}

/** The statement of a text. What stands in brackets by itself is a value, or might be one. */
export const timed = (name: string, text: string): TimedStatement => ({
  name,
  text,
  kind: kindOfStatement(text),
  told: text.replaceAll(/\((?:-?\d+|true|false)\)/g, '(?)'),
});

/**
 * SQL by the shape of its plan, under names that are never used for another text; without names where a pooler lends
 * out connections that do not know what was prepared on others.
 */
export class Statements {
  readonly #named: boolean;
  #kept = new BoundedCache<TimedStatement>(keptStatements);
  readonly #used = new WeakMap<Connection, Set<string>>();
  #made = 0;

  constructor(named = true) {
    this.#named = named;
  }

  statement(builder: PlanBuilder, render: Render): TimedStatement {
    const kept = this.#kept.get(builder.shape);
    if (kept !== undefined) return kept;
    this.#made += 1;
    const text = render();
    const statement = timed(this.#named ? `portvakt_${this.#made}` : '', text);
    this.#kept.set(builder.shape, statement);
    return statement;
  }

  /** Writes every statement anew, under another name. */
  forget(): void {
    this.#kept = new BoundedCache(keptStatements);
  }

  /** Notes that a connection has the statement. */
  note(connection: Connection, { name }: Statement): void {
    const used = this.#used.get(connection);
    if (used === undefined) this.#used.set(connection, new Set([name]));
    else used.add(name);
  }

  isWornOut(connection: Connection): boolean {
    return (this.#used.get(connection)?.size ?? 0) >= mostPerConnection;
  }
}
