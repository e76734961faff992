import { Refusal, type Stage } from '../kernel/refusal.ts';
import { namespace, type TypeShape } from './definition-type.ts';

const refusal = (status: number, code: string, message: string, stage: Stage = 'parse'): Refusal =>
  new Refusal(stage, { status, code, message });

const short = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

/**
 * What metadata entities are refused with: statuses, codes and words of the real product in one place (dataverse-web-api
 * 4.6, 4.13). Words that are not published are ours.
 */
export const refuseDefinition = {
  unknownProperty: (name: string, type: TypeShape): Refusal =>
    refusal(400, '0x80060888', `Could not find a property named '${short(name)}' on type '${namespace}${type.name}'.`),

  unknownType: (name: string): Refusal =>
    refusal(404, '0x8006088a', `Resource not found for the segment '${short(name)}'.`),

  /** `$orderby`, `$top`, ... (learn.microsoft.com, "Query table definitions": `$select`, `$filter` and `$expand` only). */
  option: (name: string, what: string): Refusal =>
    refusal(400, '0x80060888', `The query option '${name}' is not supported for ${what}.`),

  function: (name: string): Refusal =>
    refusal(400, '0x80060888', `The "${short(name)}" function isn't supported for Metadata Entities.`),

  complexFilter: (path: string, type: string): Refusal =>
    refusal(
      400,
      '0x80060888',
      `The property '${short(path)}' of type '${type}' cannot be compared: name a primitive member of it, such as '${short(path)}/Value'.`,
    ),

  filterTypes: (left: string, right: string, operator: string): Refusal =>
    refusal(
      400,
      '0x80060888',
      `A binary operator with incompatible types was detected. Found operand types '${left}' and '${right}' for operator kind '${operator}'.`,
    ),

  enumMember: (value: string, type: string): Refusal =>
    refusal(400, '0x80060888', `The string '${short(value)}' is not a valid enumeration value of type '${type}'.`),

  key: (given: string): Refusal =>
    refusal(
      400,
      '0x80060888',
      `'${short(given)}' is not a key: a MetadataId or a name such as LogicalName='x' is expected.`,
    ),

  language: (given: string): Refusal =>
    refusal(400, '0x80040203', `'${short(given)}' is no list of language codes such as 1033,1044.`),

  /** ExpiredVersionStamp. */
  expiredStamp: (): Refusal =>
    refusal(
      400,
      '0x80044352',
      'Version stamp associated with the client has expired. Please perform a full sync.',
      'run',
    ),

  noTable: (name: string): Refusal =>
    refusal(
      404,
      '0x80041102',
      `The entity with a name = '${short(name)}' with namemapping = 'Logical' was not found in the MetadataCache.`,
      'run',
    ),

  noColumn: (name: string, table: string): Refusal =>
    refusal(
      404,
      '0x80041103',
      `'${table}' entity doesn't contain attribute with Name = '${short(name)}' and NameMapping = 'Logical'.`,
      'run',
    ),

  noDefinition: (type: TypeShape, key: string): Refusal =>
    refusal(404, '0x80040217', `Could not find ${type.name} with ${short(key)}.`, 'run'),
} as const;
