import { type Audit, type AuditEntry, AuditUnavailable } from '../../src/kernel/audit.ts';

/** An audit log that a test reads: what had to be written, and what was only noted. */
export class RecordingAudit implements Audit {
  isWorking = true;
  /** Makes every write fail. */
  fails = false;
  readonly written: AuditEntry[] = [];
  readonly noted: AuditEntry[] = [];

  async write(entry: AuditEntry): Promise<void> {
    if (this.fails) throw new AuditUnavailable();
    this.written.push(entry);
  }

  note(entry: AuditEntry): void {
    this.noted.push(entry);
  }

  get all(): readonly AuditEntry[] {
    return [...this.written, ...this.noted];
  }

  /** What came since this was asked last. */
  take(): readonly AuditEntry[] {
    const { all } = this;
    this.written.length = 0;
    this.noted.length = 0;
    return all;
  }
}
