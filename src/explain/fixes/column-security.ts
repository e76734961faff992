import type { RefusalCause } from '../../kernel/cause.ts';
import { newGuid } from '../../kernel/ids.ts';
import type { Fix } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { onWebApi } from './operations.ts';

/** Columns of `fieldpermission` by the right, and the value that allows. */
const permissionColumns = { read: 'canread', create: 'cancreate', update: 'canupdate' } as const;
const allowed = 4;

/** Puts the user into a profile that has the column, or makes one with this column alone. */
export function columnFixes({ view, asker: user }: Facts, { data = {} }: RefusalCause): readonly Fix[] {
  const { table = '', column = '' } = data;
  const right = (['read', 'create', 'update'] as const).find((each) => each === data['right']);
  if (user === undefined || right === undefined) return [];
  const join = (profileId: string, name: string) =>
    onWebApi(
      'POST',
      `fieldsecurityprofiles(${profileId})/systemuserprofiles_association/$ref`,
      { '@odata.id': `${view.url}/api/data/v9.2/systemusers(${user.id})` },
      {
        preview: {
          en: `${user.name} is in the column security profile ${name}`,
          nb: `${user.name} er i kolonnesikkerhetsprofilen ${name}`,
        },
      },
    );
  const key = `${table}.${column}`;
  const giving = [...view.dataverse.profiles].filter(([, profile]) => profile.get(key)?.has(right) === true);
  const joined = giving.map(([id, profile]) => ({
    title: {
      en: `Put ${user.name} into a column security profile that has the column`,
      nb: `Legg ${user.name} til i en kolonnesikkerhetsprofil som har kolonnen`,
    },
    gain: [...profile.values()].reduce((sum, rights) => sum + rights.size, 0),
    operations: [join(id, id)],
  }));
  const profileId = newGuid();
  const name = `${user.name.slice(0, 60)}: ${column}`;
  const bind = { 'fieldsecurityprofileid@odata.bind': `/fieldsecurityprofiles(${profileId})` };
  const permission = { entityname: table, attributelogicalname: column, [permissionColumns[right]]: allowed };
  // What may be changed or set may be read too: a permission to write alone is refused.
  const body = { ...bind, ...permission, ...(right !== 'read' && { canread: allowed }) };
  const own: Fix = {
    title: {
      en: `Make a column security profile for ${key} alone`,
      nb: `Lag en kolonnesikkerhetsprofil for bare ${key}`,
    },
    gain: right === 'read' ? 1 : 2,
    operations: [
      onWebApi(
        'POST',
        'fieldsecurityprofiles',
        { fieldsecurityprofileid: profileId, name },
        { preview: { en: `A new column security profile ${name}`, nb: `En ny kolonnesikkerhetsprofil ${name}` } },
      ),
      onWebApi('POST', 'fieldpermissions', body, {
        preview: { en: `${name} allows to ${right} ${key}`, nb: `${name} tillater ${right} av ${key}` },
      }),
      join(profileId, name),
    ],
  };
  return [...joined, own];
}
