import type { BusinessUnit } from '../../dataverse/application-user.ts';
import { newGuid } from '../../kernel/ids.ts';
import { nearestId } from '../../kernel/nearest.ts';
import type { Fix, FixOperation, NearMiss } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { onWebApi } from './operations.ts';
import { grantFixes } from './security-roles.ts';
import { lackedBy, wantedBy } from './wanted-privileges.ts';

/** Users of other client ids that are taken for this one. */
export function nearUsers({ view, subject }: Facts): readonly NearMiss[] {
  const { dataverse } = view;
  const near = subject.clientId && nearestId(subject.clientId, dataverse.usersByClientId.keys());
  const user = [...dataverse.usersByClientId.values()].find(({ clientId }) => clientId === near);
  if (near === undefined || user === undefined) return [];
  return [
    {
      kind: 'client-id-differs',
      text: {
        en: `There is an application user with the client ID ${near}, which looks much like it`,
        nb: `Det finnes en programbruker med klient-ID-en ${near}, som ligner mye`,
      },
      evidence: { clientId: near, name: user.name },
    },
  ];
}

/** Makes the user, and gives it what the request needs: a user without a role could do no more than one that is not there. */
export function applicationUserFixes(facts: Facts): readonly Fix[] {
  const { view, subject, application } = facts;
  const { clientId } = subject;
  const unit = rootUnit(facts);
  if (clientId === undefined || unit === undefined) return [];
  const systemuserid = newGuid();
  const name = application?.displayName ?? clientId;
  const make = onWebApi(
    'POST',
    'systemusers',
    { systemuserid, applicationid: clientId, 'businessunitid@odata.bind': `/businessunits(${unit.id})` },
    {
      preview: { en: `A new application user for ${name}`, nb: `En ny programbruker for ${name}` },
    },
  );
  const title = {
    en: `Make an application user for ${name} in ${unit.name}`,
    nb: `Opprett en programbruker for ${name} i ${unit.name}`,
  };
  const lacked = lackedBy(view.dataverse, undefined, wantedBy(facts));
  const grants = grantFixes(facts, { id: systemuserid, name, clientId, businessUnitId: unit.id }, lacked);
  if (grants.length === 0) return [{ title, gain: 1, operations: [make] }];
  return grants.map((grant) => ({
    title: { en: `${title.en}. ${grant.title.en}`, nb: `${title.nb}. ${grant.title.nb}` },
    gain: grant.gain,
    operations: [make, ...grant.operations],
  }));
}

const rootUnit = ({ view }: Facts): BusinessUnit | undefined =>
  [...view.dataverse.businessUnits.values()].find(({ parentId }) => parentId === undefined);

/** Lets the user, the business unit, or both in again. */
export function enableFixes({ user, asker, view }: Facts): readonly Fix[] {
  const disabled = [user, asker].find((each) => each?.isDisabled === true) ?? user;
  if (disabled === undefined) return [];
  const unit = view.dataverse.businessUnits.get(disabled.businessUnitId);
  const operations: FixOperation[] = [];
  if (disabled.isDisabled) {
    const preview = { en: `${disabled.name} is enabled`, nb: `${disabled.name} er aktivert` };
    const told = disabled.clientId === undefined ? {} : { cliCommand: `portvakt user enable ${disabled.clientId}` };
    operations.push(onWebApi('PATCH', `systemusers(${disabled.id})`, { isdisabled: false }, { preview, ...told }));
  }
  if (unit?.isDisabled === true) {
    const preview = {
      en: `The business unit ${unit.name} is enabled`,
      nb: `Forretningsenheten ${unit.name} er aktivert`,
    };
    operations.push(onWebApi('PATCH', `businessunits(${unit.id})`, { isdisabled: false }, { preview }));
  }
  const sentences = operations.map(({ preview }) => preview);
  const inUnit = [...view.dataverse.users.values()].filter(({ businessUnitId }) => businessUnitId === unit?.id).length;
  return [
    {
      title: { en: sentences.map(({ en }) => en).join('. '), nb: sentences.map(({ nb }) => nb).join('. ') },
      gain: unit?.isDisabled === true ? inUnit : 1,
      operations,
    },
  ];
}
