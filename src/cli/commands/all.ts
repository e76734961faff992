import type { CommandGroup, CommandSpec } from '../command.ts';
import { adviseCommand } from './advise.ts';
import { appCommands } from './app.ts';
import { auditCommands } from './audit.ts';
import { backupCommands, restoreCommand } from './backup.ts';
import { callCommand } from './call.ts';
import { canICommand } from './can-i.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { hrUserCommands } from './hr-user.ts';
import { initCommand } from './init.ts';
import { keyCommands } from './keys.ts';
import { linkCommands } from './link.ts';
import { migrateCommand } from './migrate.ts';
import { operatorCommands } from './operator.ts';
import { roleCommands } from './role.ts';
import { setupCommands } from './setup.ts';
import { simulateCommand } from './simulate.ts';
import { startCommand } from './start.ts';
import { environmentCommands, tenantCommands } from './tenant.ts';
import { tokenCommand } from './token.ts';
import { userCommands } from './user.ts';
import { whoCanCommand } from './who-can.ts';

/** Every command, in the order of the help. */
export const commands: readonly (CommandSpec | CommandGroup)[] = [
  startCommand,
  initCommand,
  backupCommands,
  restoreCommand,
  migrateCommand,
  appCommands,
  userCommands,
  roleCommands,
  hrUserCommands,
  linkCommands,
  ...setupCommands,
  doctorCommand,
  tokenCommand,
  callCommand,
  explainCommand,
  canICommand,
  whoCanCommand,
  simulateCommand,
  adviseCommand,
  auditCommands,
  keyCommands,
  operatorCommands,
  tenantCommands,
  environmentCommands,
  completionCommand(() => commands),
];
