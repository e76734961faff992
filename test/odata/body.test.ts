import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refuseCreateOnly } from '../../src/odata/body.ts';
import {
  apiRoot,
  candidates,
  caught,
  otherId,
  parse,
  positions,
  type RequestParts,
  refusalOf,
  requests,
  rowId,
} from './parse-request.ts';

/** What a body sets: values and binds by name. */
function written(call: string, body: unknown, parts: RequestParts = {}): Record<string, unknown> {
  const { operation } = parse(call, { ...parts, body });
  if (operation.kind !== 'create' && operation.kind !== 'update') throw new TypeError(operation.kind);
  const values = [...operation.values].map(([column, value]) => [column.name, value]);
  const binds = operation.binds.map(({ navigation, id }) => [navigation.name, id]);
  return Object.fromEntries([...values, ...binds]);
}

const request = `PATCH ${requests}(${rowId})`;
const candidate = `PATCH ${candidates}(${rowId})`;
const ieee754 = { 'content-type': 'application/json;IEEE754Compatible=true' };

describe('a member of a body becomes a value', () => {
  test.each([
    { call: request, body: { mshr_comments: 'Æøå\n\u{1f600}' }, value: 'Æøå\n\u{1f600}' },
    { call: request, body: { mshr_comments: '' }, value: '' },
    { call: request, body: { mshr_comments: null }, value: null },
    { call: request, body: { mshr_status: 200000005 }, value: 200000005 },
    { call: request, body: '{"mshr_compensationlowthreshold":12345678901.123456}', value: '12345678901.123456' },
    { call: request, body: '{"mshr_compensationlowthreshold":0.1234567}', value: '0.123457' },
    { call: request, body: '{"mshr_compensationlowthreshold":-0.0000005}', value: '-0.000001' },
    { call: request, body: '{"mshr_compensationlowthreshold":-0.0000004}', value: '0' },
    { call: request, body: '{"mshr_compensationlowthreshold":0.99999999}', value: '1' },
    { call: request, body: '{"mshr_compensationlowthreshold":1.5e3}', value: '1500' },
    { call: request, body: '{"mshr_compensationlowthreshold":1e-999999999}', value: '0' },
    { call: request, body: '{"mshr_compensationlowthreshold":100000000000}', value: '100000000000' },
    { call: request, body: { mshr_compensationlowthreshold: '-12.50' }, headers: ieee754, value: '-12.5' },
    { call: candidate, body: { mshr_availabilitydate: '1900-01-01T00:00:00Z' }, value: null },
    { call: request, body: { mshr_estimatedstartdate: '2024-02-29' }, value: '2024-02-29T00:00:00Z' },
    { call: request, body: { mshr_estimatedstartdate: '2024-02-29T10:00:00Z' }, value: '2024-02-29T00:00:00Z' },
    { call: request, body: { mshr_estimatedstartdate: '2024-02-29T10:00:00+02:00' }, value: '2024-02-29T00:00:00Z' },
    {
      call: candidate,
      body: { mshr_availabilitydate: '2024-02-29T10:00:00.123+02:00' },
      value: '2024-02-29T08:00:00Z',
    },
    { call: candidate, body: { mshr_availabilitydate: '2024-02-29T10:00:00' }, value: '2024-02-29T10:00:00Z' },
    { call: `PATCH systemusers(${rowId})`, body: { isdisabled: true }, value: true },
    { call: 'POST systemusers', body: { applicationid: otherId.toUpperCase() }, value: otherId },
    { call: 'POST systemusers', body: { systemuserid: otherId }, value: otherId },
    { call: `PATCH organizations(${rowId})`, body: { languagecode: 1044 }, value: 1044 },
  ])('$call $body', ({ call, body, value, ...parts }) => {
    expect(Object.values(written(call, body, parts))).toEqual([value]);
  });

  test('a byte order mark is let through', () => {
    expect(written(request, '\ufeff{"mshr_comments":"x"}')).toEqual({ mshr_comments: 'x' });
  });

  test('annotations say nothing to a write', () => {
    const body = {
      '@odata.type': '#Microsoft.Dynamics.CRM.mshr_hcmrecruitingrequestentity',
      '@odata.etag': 'W/"1"',
      '@odata.context': 'x',
      'mshr_status@OData.Community.Display.V1.FormattedValue': 'Active',
      'mshr_status@odata.type': '#Int32',
      mshr_status: 200000005,
    };
    expect(written(request, body)).toEqual({ mshr_status: 200000005 });
  });

  test('the key of the row may be repeated in an update', () => {
    expect(written(request, { mshr_hcmrecruitingrequestentityid: rowId.toUpperCase(), mshr_comments: 'x' })).toEqual({
      mshr_comments: 'x',
    });
  });

  test('null for a required column that may be filled otherwise is as if not given on create', () => {
    expect(written(`POST ${candidates}`, { mshr_partynumber: null, mshr_firstname: '' })).toEqual({});
  });
});

describe('binds', () => {
  test.each([
    { url: `/${requests}(${otherId})` },
    { url: `${requests}(${otherId})` },
    { url: `${apiRoot}${requests}(${otherId.toUpperCase()})` },
    { url: `https://org.example/api/data/v9.1/${requests}(${otherId})` },
    { url: `/api/data/v9.2/${requests}(mshr_hcmrecruitingrequestentityid=${otherId})` },
  ])('$url', ({ url }) => {
    const body = { 'mshr_FK_RecruitingRequest_id@odata.bind': url };
    expect(written(`POST ${candidates}`, body)).toEqual({ mshr_FK_RecruitingRequest_id: otherId });
  });

  test('null clears', () => {
    const body = { 'mshr_FK_RecruitingRequest_id@odata.bind': null };
    expect(written(candidate, body)).toEqual({ mshr_FK_RecruitingRequest_id: null });
  });

  test('on a virtual table they are more than the real product gives', () => {
    const body = { 'mshr_FK_RecruitingRequest_id@odata.bind': null };
    expect(parse(candidate, { body }).differs).toBe('candidate-request-lookup');
    expect(refusalOf(candidate, { body, fidelity: 'strict' })).toBe(
      '400 0x80040265 Custom plugin execution is not allowed in nested pipeline for Virtual Entity.',
    );
    const native = { 'parentsystemuserid@odata.bind': null };
    expect(parse(`PATCH systemusers(${rowId})`, { body: native, fidelity: 'strict' }).differs).toBeUndefined();
  });
});

describe('a body is refused', () => {
  const payload = (set: string) =>
    `400 0x80048d19 Error identified in Payload provided by the user for Entity :'${set}':`;
  const skills = 'mshr_FK_HcmRecruitingRequestSkillEntity_RecruitingRequest';
  test.each([
    // JSON
    {
      call: `POST ${requests}`,
      body: '',
      refusal: "415 0x80060888 the body must have the content type application/json in UTF-8, not ''",
    },
    { call: request, body: '{', refusal: `${payload(requests)} a member name expected at position 1.` },
    { call: request, body: '{"a":1,}', refusal: `${payload(requests)} a member name expected at position 7.` },
    { call: request, body: '{"a":1} x', refusal: 'text after the end of the JSON value at position 8.' },
    { call: request, body: "{'a':1}", refusal: 'a member name expected at position 1.' },
    { call: request, body: '{"a":01}', refusal: "',' or '}' expected at position 6." },
    {
      call: request,
      body: '{"mshr_comments":"x","mshr_comments":"y"}',
      refusal: "member 'mshr_comments' comes twice at position 21.",
    },
    {
      call: request,
      body: '{"mshr_comments":"\\u0000"}',
      refusal: 'a NUL character or half of a surrogate pair in a string at position 17.',
    },
    { call: request, body: '{"mshr_comments":"\\ud800"}', refusal: 'half of a surrogate pair' },
    { call: request, body: '{"mshr_comments":"\u0001"}', refusal: 'control character in a string at position 18.' },
    { call: request, body: `{"a":${'['.repeat(1000)}`, refusal: 'more than 64 levels at position' },
    { call: request, body: '[]', refusal: `${payload(requests)} the body must be a JSON object.` },
    { call: request, body: 'null', refusal: 'the body must be a JSON object.' },
    { call: request, body: '"x"', refusal: 'the body must be a JSON object.' },
    { call: request, body: Buffer.from([0x7b, 0xff, 0x7d]), refusal: `${payload(requests)} the body is not UTF-8.` },
    { call: request, body: Buffer.from('{"a":1}', 'utf16le'), refusal: '400 0x80048d19' },
    // Content type
    {
      call: request,
      body: '{}',
      headers: { 'content-type': 'text/plain' },
      refusal: "415 0x80060888 the body must have the content type application/json in UTF-8, not 'text/plain'",
    },
    { call: request, body: '{}', headers: { 'content-type': 'application/json; charset=latin1' }, refusal: '415' },
    {
      call: request,
      body: '{}',
      headers: { 'content-type': 'application/json; charset="UTF-8"; type=entry' },
      refusal: 'accepted',
    },
    // Names
    {
      call: request,
      body: { Mshr_comments: 'x' },
      refusal:
        "400 0x80048d19 Invalid property 'Mshr_comments' was found in entity 'Microsoft.Dynamics.CRM.mshr_hcmrecruitingrequestentity'.",
    },
    { call: request, body: { mshr_fk_job_id: rowId }, refusal: "Invalid property 'mshr_fk_job_id'" },
    { call: request, body: '{"__proto__":{"mshr_comments":"x"}}', refusal: "Invalid property '__proto__'" },
    { call: request, body: '{"constructor":1}', refusal: "Invalid property 'constructor'" },
    {
      call: request,
      body: { _mshr_fk_job_id_value: rowId },
      refusal:
        "CRM do not support direct update of Entity Reference properties, Use Navigation properties instead. ('_mshr_fk_job_id_value': use 'mshr_FK_Job_id@odata.bind')",
    },
    // Access
    {
      call: request,
      body: { mshr_recruitingrequestid: 'x' },
      refusal: "400 0x80040203 column 'mshr_recruitingrequestid' of 'mshr_hcmrecruitingrequestentity' is read-only",
    },
    {
      call: `POST ${requests}`,
      body: { mshr_hcmrecruitingrequestentityid: otherId },
      refusal: "column 'mshr_hcmrecruitingrequestentityid'",
    },
    { call: request, body: { mshr_hcmrecruitingrequestentityid: otherId }, refusal: 'is read-only' },
    {
      call: `PATCH systemusers(${rowId})`,
      body: { systemuserid: otherId },
      refusal: "column 'systemuserid' of 'systemuser' is read-only",
    },
    { call: 'POST systemusers', body: { fullname: 'x' }, refusal: "column 'fullname' of 'systemuser' is read-only" },
    {
      call: request,
      headers: { 'if-match': '*' },
      body: { mshr_jobid: 'x' },
      refusal:
        "400 0x80040203 column 'mshr_jobid' of 'mshr_hcmrecruitingrequestentity' can only be set when the row is created",
    },
    { call: request, body: { mshr_jobid: 'x' }, refusal: 'accepted' },
    { call: `POST ${requests}`, body: { mshr_jobid: 'x' }, refusal: 'accepted' },
    // Required
    {
      call: request,
      body: { mshr_description: null },
      refusal: "400 0x80040265 Field 'Description' must be filled in.",
    },
    { call: request, body: { mshr_description: '' }, refusal: 'must be filled in.' },
    { call: `POST ${requests}`, body: { mshr_description: null }, refusal: 'must be filled in.' },
    {
      call: `PATCH roles(${rowId})`,
      body: { name: null },
      refusal: `${payload('roles')} property 'name' must have a value`,
    },
    {
      call: `PATCH systemusers(${rowId})`,
      body: { 'businessunitid@odata.bind': null },
      refusal: "property '_businessunitid_value' must have a value",
    },
    // Types
    {
      call: request,
      body: { mshr_comments: 5 },
      refusal: `${payload(requests)} Cannot convert the value of property 'mshr_comments' to the expected type 'Edm.String': the number 5 was given.`,
    },
    {
      call: request,
      body: { mshr_comments: true },
      refusal: "to the expected type 'Edm.String': a boolean was given.",
    },
    {
      call: request,
      body: { mshr_comments: ['x'] },
      refusal: "to the expected type 'Edm.String': an array was given.",
    },
    { call: request, body: { mshr_comments: {} }, refusal: "to the expected type 'Edm.String': an object was given." },
    {
      call: request,
      body: { mshr_status: '200000005' },
      refusal: "to the expected type 'Edm.Int32': a text was given.",
    },
    { call: request, body: { mshr_status: 1.5 }, refusal: "to the expected type 'Edm.Int32'" },
    { call: request, body: '{"mshr_status":1e3}', refusal: "to the expected type 'Edm.Int32'" },
    {
      call: request,
      body: { mshr_compensationlowthreshold: '5' },
      refusal: "to the expected type 'Edm.Decimal': a text was given.",
    },
    {
      call: request,
      body: { mshr_compensationlowthreshold: 'x' },
      headers: ieee754,
      refusal: "to the expected type 'Edm.Decimal'",
    },
    {
      call: request,
      body: { mshr_estimatedstartdate: '2023-02-29' },
      refusal: "to the expected type 'Edm.DateTimeOffset': a text was given.",
    },
    {
      call: request,
      body: { mshr_estimatedstartdate: '2024-03-01T00:30:00+02:00' },
      refusal: "to the expected type 'Edm.DateTimeOffset'",
    },
    {
      call: request,
      body: { mshr_estimatedstartdate: 1709164800000 },
      refusal: "to the expected type 'Edm.DateTimeOffset': the number",
    },
    { call: candidate, body: { mshr_birthdate: '01.05.1990' }, refusal: "to the expected type 'Edm.DateTimeOffset'" },
    { call: `PATCH systemusers(${rowId})`, body: { isdisabled: 1 }, refusal: "to the expected type 'Edm.Boolean'" },
    { call: 'POST systemusers', body: { applicationid: 'x' }, refusal: "to the expected type 'Edm.Guid'" },
    // Ranges
    {
      call: request,
      body: { mshr_hiringmanagerpersonnelnumber: 'x'.repeat(26) },
      refusal:
        "400 0x80044331 A validation error occurred. The length of the 'mshr_hiringmanagerpersonnelnumber' attribute of the 'mshr_hcmrecruitingrequestentity' entity exceeded the maximum allowed length of '25'.",
    },
    {
      call: request,
      body: '{"mshr_compensationlowthreshold":100000000000.000001}',
      refusal: "400 0x80044330 A validation error occurred. The value of 'mshr_compensationlowthreshold'",
    },
    { call: request, body: '{"mshr_compensationlowthreshold":-1e12}', refusal: '400 0x80044330' },
    { call: request, body: '{"mshr_compensationlowthreshold":1e999999999}', refusal: '400 0x80044330' },
    { call: request, body: { mshr_status: 99999999999 }, refusal: '400 0x8004432f' },
    {
      call: request,
      body: { mshr_status: 1 },
      refusal:
        "400 0x80048408 A validation error occurred. The value 1 of 'mshr_status' on record of type 'mshr_hcmrecruitingrequestentity' is outside the valid range. Accepted Values: 200000000,",
    },
    {
      call: `PATCH mshr_hcmratinglevelentities(${rowId})`,
      body: { mshr_factor: 10 },
      refusal: "400 0x8004432f A validation error occurred. The value of 'mshr_factor'",
    },
    // Nested rows and binds
    {
      call: request,
      body: { [skills]: [{}] },
      refusal: `501 0x80060888 a nested row under '${skills}' in an update`,
    },
    {
      call: `POST ${candidates}`,
      body: { mshr_FK_Person_id: [{ mshr_firstname: 'x' }] },
      refusal:
        "400 0x80048d19 Error identified in Payload provided by the user for Entity :'mshr_hcmcandidatetohireentities'",
    },
    {
      call: `POST ${candidates}`,
      body: { mshr_FK_Person_id: { mshr_firstname: 'x' } },
      fidelity: 'strict' as const,
      refusal: '400 0x80040265 Custom plugin execution is not allowed in nested pipeline',
    },
    {
      call: `POST ${candidates}`,
      body: { mshr_dataareaid_id: { cdm_companycode: 'x' } },
      refusal: '501 0x80060888 a nested row under',
    },
    {
      call: `POST ${requests}`,
      body: { mshr_FK_Title_id: { mshr_titleid: 'x' } },
      refusal: "400 0x80040203 lookup 'mshr_FK_Title_id' of 'mshr_hcmrecruitingrequestentity' is read-only",
    },
    {
      call: `POST ${candidates}`,
      body: {
        mshr_FK_RecruitingRequest_id: { mshr_description: 'x' },
        'mshr_FK_RecruitingRequest_id@odata.bind': `/${requests}(${otherId})`,
      },
      refusal: "'mshr_FK_RecruitingRequest_id' is given in two ways",
    },
    { call: candidate, body: { '@odata.type': 'Microsoft.Dynamics.CRM.role' }, refusal: '400 0x80048d19' },
    { call: candidate, body: { '@odata.type': 5 }, refusal: '400 0x80048d19' },
    {
      call: request,
      body: { [`${skills}@odata.bind`]: [] },
      refusal: `501 0x80060888 '${skills}@odata.bind' in an update`,
    },
    {
      call: `POST ${requests}`,
      body: { [`${skills}@odata.bind`]: [] },
      refusal: '400 0x80040203 lookup',
    },
    {
      call: candidate,
      body: { 'nothing@odata.bind': `/${requests}(${otherId})` },
      refusal: `${payload(candidates)} An undeclared property 'nothing' which only has property annotations`,
    },
    {
      call: candidate,
      body: { 'mshr_fk_recruitingrequest_id@odata.bind': null },
      refusal: "undeclared property 'mshr_fk_recruitingrequest_id'",
    },
    {
      call: candidate,
      body: { 'mshr_FK_RecruitingRequest_id@odata.Bind': null },
      refusal: "Invalid property 'mshr_FK_RecruitingRequest_id@odata.Bind'",
    },
    {
      call: candidate,
      body: { 'mshr_FK_RecruitingRequest_id@bind': null },
      refusal: "Invalid property 'mshr_FK_RecruitingRequest_id@bind'",
    },
    {
      call: candidate,
      body: { 'mshr_FK_RecruitingRequest_id@odata.bind': `/${candidates}(${otherId})` },
      refusal: `400 0x80048d19 'mshr_FK_RecruitingRequest_id' points to rows of '${requests}', but a row of '${candidates}' was given`,
    },
    {
      call: candidate,
      body: { 'mshr_FK_RecruitingRequest_id@odata.bind': `/nothing(${otherId})` },
      refusal: "404 0x8006088a Resource not found for the segment 'nothing'.",
    },
    {
      call: candidate,
      body: { 'mshr_FK_RecruitingRequest_id@odata.bind': `/${requests}` },
      refusal: 'does not name one row',
    },
    {
      call: candidate,
      body: { 'mshr_FK_RecruitingRequest_id@odata.bind': `/${requests}(x)` },
      refusal: 'a GUID expected',
    },
    {
      call: candidate,
      body: { 'mshr_FK_RecruitingRequest_id@odata.bind': 5 },
      refusal: "the value of 'mshr_FK_RecruitingRequest_id@odata.bind' must be a URL or null.",
    },
    { call: candidate, body: { 'mshr_FK_RecruitingRequest_id@odata.bind': '' }, refusal: '400' },
    {
      call: candidate,
      body: { 'mshr_FK_Position_id@odata.bind': `/mshr_hcmpositionv2entities(${otherId})` },
      refusal:
        "400 0x80040203 lookup 'mshr_FK_Position_id' of 'mshr_hcmcandidatetohireentity' is read-only; it follows 'mshr_positionid', set that instead",
    },
    {
      call: `POST ${positions}`,
      body: { 'mshr_dataareaid_id@odata.bind': `/cdm_companies(${otherId})` },
      refusal: "it follows 'mshr_dataareaid', set that instead",
    },
  ])('$call $body', ({ call, body, refusal, ...parts }) => {
    expect(refusalOf(call, { ...parts, body })).toContain(refusal);
  });

  test('on native tables what can only be set on create is left to them: they have codes of their own for it', () => {
    const body = { 'businessunitid@odata.bind': `/businessunits(${otherId})` };
    const { operation } = parse(`PATCH roles(${rowId})`, { headers: { 'if-match': '*' }, body });
    expect(operation.kind).toBe('update');
  });

  test('what can only be set on create is refused once the row turns out to exist', () => {
    const { operation } = parse(request, { body: { mshr_jobid: 'x' } });
    if (operation.kind !== 'update') throw new TypeError(operation.kind);
    expect(caught(() => refuseCreateOnly(operation))).toContain('can only be set when the row is created');
  });
});

describe('any body', () => {
  const name = fc.constantFrom(
    'mshr_comments',
    'mshr_status',
    'mshr_estimatedstartdate',
    'mshr_compensationlowthreshold',
    'mshr_dataareaid',
    'mshr_FK_Job_id@odata.bind',
    '@odata.type',
    'x',
  );
  test('gives values or a refusal, and never breaks', () => {
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), (body) => {
        expect(refusalOf(request, { body })).toMatch(/^(accepted: update|400 |501 )/);
      }),
      { numRuns: 1000 },
    );
  });
});
