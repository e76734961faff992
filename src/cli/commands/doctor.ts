import { CliError, exitCodes, usageError } from '../cli-error.ts';
import type { CommandCall, CommandSpec } from '../command.ts';
import { applicationChecks } from '../doctor/application-checks.ts';
import { callChecks } from '../doctor/call-checks.ts';
import { type Check, type Diagnosis, diagnose } from '../doctor/check.ts';
import { Facts } from '../doctor/facts.ts';
import { gateOneChecks } from '../doctor/gate-one-checks.ts';
import { gateTwoChecks } from '../doctor/gate-two-checks.ts';
import { serverChecks } from '../doctor/server-checks.ts';
import { isGuid } from '../lookups.ts';
import { Session } from '../session.ts';

/** Every check, in the order in which an administrator would mend what they find. */
export const allChecks: readonly Check[] = [
  ...serverChecks,
  ...applicationChecks,
  ...gateOneChecks,
  ...gateTwoChecks,
  ...callChecks,
];

/** A whole set-up, looked through. */
export const doctorCommand: CommandSpec = {
  usage: 'doctor [client-id]',
  summary:
    'Checks the set-up of an application through both gates, and says what is missing and how to mend it; changes nothing',
  examples: ['portvakt doctor', 'portvakt doctor 5c1f1f0e-…'],
  run: doctor,
};

async function doctor(call: CommandCall): Promise<void> {
  const { output, isSet } = call;
  const target = call.findTarget('ats');
  const clientId = call.words[0] ?? target?.clientId;
  if (clientId === undefined) throw usageError('no client id is given', 'portvakt doctor <client-id>');
  if (!isGuid(clientId.trim())) throw usageError(`${clientId} is not a client id`, 'portvakt app list shows them');
  const application = target?.clientId === clientId ? new Session(target) : undefined;
  const diagnoses = await diagnose(allChecks, new Facts(call.session, application, clientId.trim(), new Date()));
  if (isSet('json')) output.json({ clientId, diagnoses });
  else show(call, diagnoses);
  const failed = diagnoses.filter(({ outcome }) => outcome === 'failed').length;
  if (failed > 0) throw new CliError(`${failed} of ${diagnoses.length} checks failed`, exitCodes.different);
}

const signs = { passed: 'ok', warning: 'warning', failed: 'FAILED', 'not reached': '-' } as const;

function show({ io }: CommandCall, diagnoses: readonly Diagnosis[]): void {
  for (const diagnosis of diagnoses) {
    io.out(`${signs[diagnosis.outcome].padEnd(8)} ${diagnosis.place.padEnd(11)} ${diagnosis.statement}\n`);
    if ('fix' in diagnosis) io.out(`         ${diagnosis.what}\n         fix: ${diagnosis.fix}\n`);
  }
}
