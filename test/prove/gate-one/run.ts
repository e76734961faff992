import { PrivilegeIndex } from '../../../src/dataverse/privilege-index.ts';
import { getTable } from '../../../src/dataverse/security-rows.ts';
import { type Guid, getGuid } from '../../../src/kernel/ids.ts';
import type { SingleNavigation } from '../../../src/metadata/table.ts';
import type { Operation } from '../../../src/odata/operation.ts';
import type { Query } from '../../../src/odata/query.ts';
import { account, apply, bank } from '../../definitions/change/apply.ts';
import { type Outcome, predict, type Request } from './evaluator.ts';
import { Dice, makeOrganisation, type Organisation, type SecuredTable, type Verb } from './organisation.ts';
import { decideByProduct, snapshotOf } from './product.ts';

const { model } = apply('POST EntityDefinitions', account, apply('POST EntityDefinitions', bank));
const index = new PrivilegeIndex(model);
const tables: readonly SecuredTable[] = [
  { name: 'new_account', owner: 'user' },
  { name: 'new_bank', owner: 'organization' },
  { name: 'mshr_hcmrecruitingrequestentity', owner: 'organization' },
  { name: 'mshr_hcmcandidatetohireentity', owner: 'organization' },
  { name: 'team', owner: 'businessUnit' },
];
const candidates = 'mshr_hcmcandidatetohireentity';
const requests = 'mshr_hcmrecruitingrequestentity';
const requestsPerOrganisation = 100;

export interface Comparison {
  readonly decisions: number;
  readonly organisations: number;
  /** How often each outcome was predicted. */
  readonly outcomes: ReadonlyMap<Outcome, number>;
  /** One line each. */
  readonly disagreements: readonly string[];
}

export interface ComparisonOrder {
  readonly decisions: number;
  readonly seed: number;
  /** Changes what the product is told of an organisation: a fault that must be found. */
  readonly plant?: (organisation: Organisation) => Organisation;
}

/** Random requests in random organisations: what the product decides beside what the evaluator says. */
export function compareGateOne({ decisions, seed, plant = (same) => same }: ComparisonOrder): Comparison {
  const dice = new Dice(seed);
  const outcomes = new Map<Outcome, number>();
  const disagreements: string[] = [];
  let organisations = 0;
  for (let done = 0; done < decisions; organisations++) {
    const organisation = makeOrganisation(dice, tables, () => makeGuid(dice));
    const snapshot = snapshotOf(model, index, plant(organisation));
    for (let more = requestsPerOrganisation; more > 0 && done < decisions; more--, done++) {
      const { request, operation } = makeRequest(dice, organisation);
      const expected = predict(organisation, request);
      const decided = decideByProduct(snapshot, request, operation);
      outcomes.set(expected, (outcomes.get(expected) ?? 0) + 1);
      if (decided !== expected) disagreements.push(`${decided}, not ${expected}: ${JSON.stringify(request)}`);
    }
  }
  return { decisions, organisations, outcomes, disagreements };
}

export function makeGuid(dice: Dice): Guid {
  const part = (digits: number): string =>
    dice
      .below(16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return getGuid(`${part(4)}${part(4)}-${part(4)}-4${part(3)}-8${part(3)}-${part(4)}${part(4)}${part(4)}`);
}

interface Asked {
  readonly request: Request;
  readonly operation: Operation;
}

function makeRequest(dice: Dice, organisation: Organisation): Asked {
  const { users } = organisation;
  const caller = dice.pick(users);
  const named = dice.pick(users);
  const by = dice.pick(['object', 'user'] as const);
  const unknown = makeGuid(dice);
  const actAs = { by, id: dice.chance(8) ? unknown : by === 'object' ? named.object : named.id };
  const client = dice.chance(4) ? unknown : caller.client;
  const kind = dice.pick(kinds);
  const { operation, needs, row } = kind(dice, organisation);
  const who = dice.chance(30) ? { client, actAs } : { client };
  return { request: { ...who, needs, ...(row === undefined ? {} : { row }) }, operation };
}

type Kind = (
  dice: Dice,
  organisation: Organisation,
) => Pick<Asked, 'operation'> & Pick<Request, 'needs'> & { readonly row?: Request['row'] };

/** Kinds of requests, the privileges that each needs (3.2), and the row that it is about. */
const kinds: readonly Kind[] = [
  (dice) => listing(dice.pick(tables).name),
  (dice) => {
    const { name } = dice.pick(tables);
    const operation: Operation = { kind: 'create', table: getTable(model, name), values: new Map(), binds: [] };
    return { operation, needs: [`create ${name}`] };
  },
  ...(['read', 'write', 'delete', 'read', 'write', 'delete'] as const).map(
    (verb): Kind =>
      (dice, { rows }) => {
        const { name, owner } = dice.pick(
          [tables[0], tables[0], tables[4], tables[1]].filter((each) => each !== undefined),
        );
        const facts = dice.pick(rows);
        const needs = [`${verb} ${name}`];
        const operation = operationOn(verb, name, getGuid(facts.id));
        if (owner === 'organization') return { operation, needs };
        return { operation, needs, row: { verb, table: name, facts, owned: owner === 'user' } };
      },
  ),
  () => ({ operation: linkingOf(), needs: [`write ${candidates}`, ...linkNeeds] }),
  () => {
    const operation: Operation = {
      ...linkingOf(),
      kind: 'create',
      table: getTable(model, candidates),
      values: new Map(),
    };
    return { operation, needs: [`create ${candidates}`, ...linkNeeds] };
  },
  () => {
    const { operation } = listing(candidates);
    if (operation.kind !== 'retrieveMultiple') throw new TypeError('a list is a list');
    const expand = [{ navigation: lookup(), query: queryOf(requests) }];
    const expanded: Operation = { ...operation, query: { ...operation.query, expand } };
    return { operation: expanded, needs: [`read ${candidates}`, `read ${requests}`] };
  },
];

/** Linking through a lookup: Append on its table, AppendTo and Read on the other (3.2). */
const linkNeeds = [`append ${candidates}`, `appendTo ${requests}`, `read ${requests}`];

function lookup(): SingleNavigation {
  const found = getTable(model, candidates).navigation.get('mshr_FK_RecruitingRequest_id');
  if (found?.kind !== 'single') throw new TypeError('the lookup is missing');
  return found;
}

const someId = getGuid('00000000-0000-4000-8000-000000000001');

const linkingOf = (): Extract<Operation, { kind: 'update' }> => ({
  kind: 'update',
  table: getTable(model, candidates),
  id: someId,
  values: new Map(),
  binds: [{ navigation: lookup(), id: someId }],
  mayCreate: false,
  mayUpdate: true,
});

const queryOf = (name: string): Query => ({
  table: getTable(model, name),
  columns: [],
  where: undefined,
  orderBy: [],
  expand: [],
  limit: 50,
  countUpTo: undefined,
  after: undefined,
  etag: false,
  unsetTextAsEmpty: false,
});

function listing(name: string): Pick<Asked, 'operation'> & Pick<Request, 'needs'> {
  return { operation: { kind: 'retrieveMultiple', query: queryOf(name), pageNumber: 1 }, needs: [`read ${name}`] };
}

function operationOn(verb: Extract<Verb, 'read' | 'write' | 'delete'>, name: string, id: Guid): Operation {
  const table = getTable(model, name);
  if (verb === 'read') return { kind: 'retrieve', query: queryOf(name), id };
  if (verb === 'delete') return { kind: 'delete', table, id };
  return { kind: 'update', table, id, values: new Map(), binds: [], mayCreate: false, mayUpdate: true };
}
