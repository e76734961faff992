import type { EnvironmentView } from '../explain/environment-view.ts';
import { type ClientId, type Guid, parseGuid } from '../kernel/ids.ts';
import { nearest, nearestId } from '../kernel/nearest.ts';
import type { Column, Model, Navigation, SingleNavigation, Table } from '../metadata/table.ts';
import { QuestionFault } from './question.ts';

/** @throws QuestionFault where the name is none of these: it tells the nearest one */
export function nameUnknown(
  what: string,
  name: string,
  candidates: Iterable<string>,
  otherwise: string,
): QuestionFault {
  const near = nearest(name, [...candidates]);
  return new QuestionFault('nameUnknown', what, name, near === undefined ? otherwise : `did you mean ${near}?`);
}

/** A GUID, where the option was given. */
export function parseId<T extends Guid>(option: string, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  const id = parseGuid<T>(text);
  if (id === undefined) throw new QuestionFault('optionInvalid', option, 'a GUID');
  return id;
}

/** An application that the tenant has admitted, or that some gate knows; others are none here. */
export function findClient(view: EnvironmentView, text: string | undefined): ClientId {
  const id = parseId<ClientId>('clientId', text);
  if (id === undefined) throw new QuestionFault('optionInvalid', 'clientId', 'given: the client id of an application');
  const { directory, dataverse, hr, tenantId } = view;
  const own = directory.findApplication(id)?.tenantId === tenantId;
  const isKnown = directory.findServicePrincipal(tenantId, id) !== undefined || dataverse.usersByClientId.has(id);
  if (own || isKnown || hr.links.has(id)) return id;
  const near = nearestId(id, dataverse.usersByClientId.keys());
  throw new QuestionFault('applicationUnknown', id, near === undefined ? 'portvakt app list' : `did you mean ${near}?`);
}

/** By logical name or name of the entity set, without regard to case. */
export function findTable(model: Model, name: string): Table {
  const lower = name.toLowerCase();
  const all = [...model.entitySet.values()];
  const found = all.find(
    ({ logicalName, entitySetName }) => logicalName === lower || entitySetName.toLowerCase() === lower,
  );
  if (found !== undefined) return found;
  const names = all.flatMap(({ logicalName, entitySetName }) => [logicalName, entitySetName]);
  throw nameUnknown('table', name, names, 'GET EntityDefinitions lists them');
}

/** What a body or `$select` names: a column, or the lookup that a navigation property is. */
export function findMember(table: Table, name: string): Column | SingleNavigation {
  const column = table.property.get(name) ?? table.column.get(name.toLowerCase());
  if (column !== undefined && column.hidden !== true) return column;
  const navigation = table.navigation.get(name);
  if (navigation?.kind === 'single') return navigation;
  const names = [...table.property.keys(), ...namesOf(table, ({ kind }) => kind === 'single')];
  throw nameUnknown(
    `column of ${table.logicalName}`,
    name,
    names,
    `GET EntityDefinitions(LogicalName='${table.logicalName}')/Attributes`,
  );
}

/** Of any kind. */
export function findNavigation(table: Table, name: string): Navigation {
  const found = table.navigation.get(name);
  if (found !== undefined) return found;
  const what = `navigation property of ${table.logicalName}`;
  throw nameUnknown(what, name, namesOf(table), 'the $metadata document lists them');
}

const namesOf = (table: Table, isMeant: (navigation: Navigation) => boolean = () => true): readonly string[] =>
  [...table.navigation.values()].filter(isMeant).map(({ name }) => name);
