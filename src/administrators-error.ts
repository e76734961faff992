import { MappingError } from './adapter/providers/mapped/mapping.ts';
import { BackupError } from './backup/backup-error.ts';
import { ConfigError } from './config-values.ts';
import { DamagedDirectory } from './directory/rows.ts';
import { StartError } from './start-error.ts';
import { StorageError } from './storage/storage-error.ts';
import { DamagedCertificate } from './tls/development-ca.ts';
import { DamagedKeyFile } from './token/file-key-store.ts';

const kinds = [
  BackupError,
  ConfigError,
  StartError,
  StorageError,
  DamagedCertificate,
  DamagedDirectory,
  DamagedKeyFile,
  MappingError,
];

/** Is it something that the administrator can mend? Its message is one line then; anything else is a fault of ours. */
export const isAdministratorsError = (error: unknown): error is Error =>
  error instanceof Error && kinds.some((kind) => error instanceof kind);
