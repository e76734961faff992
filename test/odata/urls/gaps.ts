/** Something of OData 4.01 or of the real product that the parser does not take, and how it says so. */
export interface DeclaredGap {
  readonly what: string;
  /** Where it is described. */
  readonly of: 'OData 4.01' | 'Dataverse';
  /** Does the real product have it? */
  readonly product: 'refuses it, too' | 'has it' | 'is read by another part of the server';
  readonly example: string;
  /** Status and code. */
  readonly problem: string;
}

const set = 'systemusers';
const id = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const collection = 'systemuserroles_association';
const filter = (text: string): string => `${set}?$filter=${text}`;
const not = '501 0x80060888';
const bad = '400 0x80060888';
const missing = '404 0x8006088a';

const gap = (
  what: string,
  of: DeclaredGap['of'],
  product: DeclaredGap['product'],
  example: string,
  problem: string = not,
): DeclaredGap => ({ what, of, product, example, problem });

const odata = (what: string, example: string, problem?: string): DeclaredGap =>
  gap(what, 'OData 4.01', 'refuses it, too', example, problem);
const dataverse = (what: string, example: string, problem?: string): DeclaredGap =>
  gap(what, 'Dataverse', 'has it', example, problem);
const elsewhere = (what: string, of: DeclaredGap['of'], example: string): DeclaredGap =>
  gap(what, of, 'is read by another part of the server', example, missing);

/** Read by `urls.test.ts`; `docs/odata-gaps.md` is this list as a page. */
export const declaredGaps: readonly DeclaredGap[] = [
  dataverse(
    'FetchXML: what [fetchxml.md](fetchxml.md) lists',
    `${set}?fetchXml=<fetch datasource='retained'><entity name='systemuser'/></fetch>`,
  ),
  dataverse('saved queries', `${set}?savedQuery=${id}`),
  dataverse('saved queries of a user', `${set}?userQuery=${id}`),
  dataverse('SQL (preview)', `${set}?sql=select`),
  dataverse('a path behind a function', 'WhoAmI()/UserId'),
  dataverse(
    '`Contains`: no column has a full-text index',
    filter("Microsoft.Dynamics.CRM.Contains(PropertyName='fullname',PropertyValue='x')"),
  ),
  dataverse('type casts in paths', filter("Microsoft.Dynamics.CRM.systemuser/fullname eq 'x'")),
  odata('`$apply`: transformations other than `filter`, `groupby` and `aggregate`', `${set}?$apply=concat(identity)`),
  odata('`$apply`: what comes after `groupby` or `aggregate`', `${set}?$apply=aggregate($count as n)/filter(n gt 1)`),
  odata(
    '`$apply`: expressions and custom aggregates in `aggregate`',
    `${set}?$apply=aggregate(accessmode mul 2 with sum as s)`,
    bad,
  ),
  odata('`$apply`: groups of dates', `${set}?$apply=groupby((createdon))`),
  odata('`$skip`', `${set}?$skip=1`),
  odata('`$search`', `${set}?$search=x`),
  odata('`$format`', `${set}?$format=json`),
  odata('`$compute`', `${set}?$compute=fullname as x`),
  odata('`$index`', `${set}?$index=1`),
  odata('`$levels`', `${set}?$levels=2`),
  odata('`$schemaversion`', `${set}?$schemaversion=1`),
  odata('`$deltatoken`', `${set}?$deltatoken=1`),
  odata(
    'query options without `$` are custom options; in other cases of letters they are unknown',
    `${set}?$Top=1`,
    bad,
  ),
  odata('`$crossjoin`', '$crossjoin(systemusers,roles)', '404 0x8006088a'),
  odata('`$all`', '$all', '404 0x8006088a'),
  odata('`$entity`', '$entity?$id=systemusers', '404 0x8006088a'),
  odata('`$filter`, `$each` and `$query` as segments', `${set}/$filter(isdisabled)`, missing),
  odata('bound functions without their namespace', `${set}(${id})/RetrieveUserPrivileges()`, missing),
  odata('keys as segments', `${set}/${id}`, bad),
  odata('aliases in keys', `${set}(@k)?@k=${id}`, bad),
  odata('`$ref` on an entity set', `${set}/$ref`),
  odata('`$ref` on a row', `${set}(${id})/$ref`),
  odata('reading one reference of a collection', `${set}(${id})/${collection}(${id})/$ref`),
  odata('longer paths behind navigation properties', `${set}(${id})/businessunitid/parentbusinessunitid`),
  odata('`$value` of a row (media entities)', `${set}(${id})/$value`, '404 0x8006088a'),
  odata(
    'operators, functions, `null`, `true`, `false`, `asc`, `desc` in other cases of letters',
    filter("fullname EQ 'x'"),
    bad,
  ),
  odata('arithmetic: `add`, `sub`, `mul`, `div`, `divby`, `mod`, `-`', filter('accessmode add 1 eq 2')),
  odata('`has`', filter('accessmode has 1')),
  odata('text functions but `contains`, `startswith`, `endswith`', filter("tolower(fullname) eq 'x'")),
  odata('`matchesPattern`', filter("matchesPattern(fullname,'x')")),
  odata('date and time functions', filter('year(createdon) eq 2024')),
  odata('`now()`, `mindatetime()`, `maxdatetime()`', filter('createdon lt now()')),
  odata('`round`, `floor`, `ceiling`', filter('round(accessmode) eq 1')),
  odata('`cast`, `isof`', filter("cast(accessmode,Edm.String) eq 'x'")),
  odata('geographic functions', filter('geo.length(fullname) gt 1')),
  odata('`hassubset`, `hassubsequence`', filter('hassubset([1],[1])')),
  odata('literals of durations, binary data, enumerations and places', filter("fullname eq duration'P1D'")),
  odata('a sign `+` before numbers; a `+` that is not encoded is a space', filter('accessmode eq %2B1'), bad),
  odata('`INF` and `NaN`, which no column holds', filter('accessmode eq INF'), bad),
  odata('dates outside of the years 1 to 9999, and leap seconds', filter('createdon eq 2024-01-01T23:59:60Z'), bad),
  odata('fractions compared with columns of whole numbers', filter('accessmode eq 1.5'), bad),
  odata('arrays and objects in expressions, also after `in`', filter('fullname in ["a"]'), bad),
  odata('annotations in expressions, `$select` and `$expand`', filter("fullname/@Measures.Currency eq 'x'"), bad),
  odata('`case`', filter('case(isdisabled:1,true:0) eq 1'), bad),
  odata('text functions of anything but a property and a text', filter('contains(fullname,firstname)'), bad),
  odata('navigation properties as values', filter('businessunitid eq null')),
  odata('keys in paths of expressions', filter(`${collection}(${id})/name eq 'x'`)),
  odata('comparisons of two conditions', filter('isdisabled eq not true')),
  odata('comparisons of two constants', filter('1 eq 1')),
  odata('comparisons of columns of two rows', filter('businessunitid/name eq fullname')),
  odata('`$count` of a collection in an expression', filter(`${collection}/$count gt 1`)),
  odata('options of `$count` and `$filter` in paths', filter(`${collection}/$count($filter=name eq 'x') gt 1`)),
  odata('`$it`, `$root`, `$this`', filter("$it/fullname eq 'x'")),
  odata(
    'columns of another row than the variable in a lambda expression',
    filter(`${collection}/any(r:fullname eq 'x')`),
  ),
  odata(
    '`any` and `all` on a collection behind a lookup',
    filter('businessunitid/business_unit_system_users/any(u:true)'),
  ),
  odata('a list of an alias or a property after `in`', filter('fullname in @p&@p=[1]'), bad),
  odata('aliases of functions and of expressions', filter("fullname eq @p&@p=contains(fullname,'x')")),
  odata(
    'implicit parameter aliases of functions: `F?@Name=…` and `F?Name=…`',
    'RetrieveTotalRecordCount?@EntityNames=["systemuser"]',
  ),
  odata('aliases inside `$expand`', `${set}?$expand=${collection}($filter=name eq @p)&@p='x'`, bad),
  odata('expressions in `$orderby`', `${set}?$orderby=tolower(fullname)`),
  odata('`*` and paths in `$expand`', `${set}?$expand=*`),
  odata('`$ref` and `$count` of a collection in `$expand`', `${set}?$expand=${collection}/$count`),
  odata(
    '`$skip`, `$count`, `$search`, `$levels`, `$compute` inside `$expand`',
    `${set}?$expand=${collection}($count=true)`,
  ),
  odata('`$orderby` and `$top` inside nested or single-valued expands', `${set}?$expand=businessunitid($top=1)`, bad),
  odata('collections, paths and options in `$select`', `${set}?$select=${collection}`),
  odata('actions and functions in `$select`', `${set}?$select=Microsoft.Dynamics.CRM.*`, bad),
  odata('`%` at the outer end of a text in `startswith` and `endswith`', filter("startswith(fullname,'%25x')")),
  elsewhere('`$metadata`', 'OData 4.01', '$metadata'),
  elsewhere('`$batch`', 'OData 4.01', '$batch'),
  elsewhere(
    'definitions: `EntityDefinitions`, `RelationshipDefinitions`, `GlobalOptionSetDefinitions`',
    'Dataverse',
    "EntityDefinitions(LogicalName='systemuser')",
  ),
];
