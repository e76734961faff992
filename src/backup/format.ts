import type { Cell } from '../storage/portable/portable-table.ts';

/** What the first line of a backup says of itself; docs/backup.md describes the whole file. */
export const formatName = 'portvakt-backup';
export const formatVersion = 1;

/** The first line. */
export interface BackupHeader {
  readonly format: string;
  readonly formatVersion: number;
  /** Version of the program that made it. */
  readonly program: string;
  /** ISO 8601. */
  readonly made: string;
  readonly from: 'sqlite' | 'postgres';
  /** Unique names of the environments. */
  readonly environments: readonly string[];
  readonly hasKeys: boolean;
  /** One environment without the directory that it belongs to; absent: a whole installation. */
  readonly part?: 'environment';
}

/** Begins a database: `directory`, `environment:<unique name>` or `audit`. */
export interface DatabaseLine {
  readonly database: string;
  readonly alphabet?: string;
  readonly definitions: readonly (readonly [name: string, value: string])[];
  readonly counters: readonly (readonly [name: string, last: string])[];
}

/** Begins a table of the database before it. Each row is a line of its own, an array in the order of `columns`. */
export interface TableLine {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Ends a table: the digest is of its lines, each with its line feed. */
export interface TableEnd {
  readonly endOfTable: string;
  readonly rows: number;
  readonly sha256: string;
}

/** Files of the data folder, encrypted. All in base64. */
export interface KeysLine {
  readonly keys: { readonly salt: string; readonly iv: string; readonly tag: string; readonly data: string };
}

/** The last line: the digest is of all lines before it. */
export interface BackupEnd {
  readonly end: string;
  readonly tables: number;
  readonly rows: number;
  readonly sha256: string;
}

export type RowLine = readonly Cell[];
export type Line = BackupHeader | DatabaseLine | TableLine | TableEnd | KeysLine | BackupEnd | RowLine;

export const directoryDatabase = 'directory';
export const auditDatabase = 'audit';
export const environmentDatabase = (uniqueName: string): string => `environment:${uniqueName}`;

/** Says how far a long job is; one line, without an end. */
export type Progress = (line: string) => void;

/** Where an installation is. */
export interface Where {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
}
