import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Guid } from '../../src/kernel/ids.ts';
import { AdapterWorld } from '../adapter/adapter-world.ts';
import { updateOf } from '../hr/operations.ts';
import { openStores } from '../support/open-stores.ts';
import {
  act,
  actRefused,
  addCallers,
  type CallerName,
  candidate,
  clientOf,
  job,
  position,
  request,
  status,
} from './process-world.ts';

const start = '2030-01-01T00:00:00Z';

describe.each(openStores)('the recruiting process on $name', ({ open }) => {
  let world: AdapterWorld;
  beforeAll(async () => {
    world = await AdapterWorld.open(open);
    await addCallers(world);
    await world.administer('RecruitingParameters', { DataAreaId: 'no01', RequestWorkflow: 'Yes' });
    await world.insert('mshr_hcmreasoncodeentity', { mshr_reasoncodeid: 'Docs' });
    await world.insert('mshr_hcmjobcompensationentity', {
      mshr_jobid: 'Project Manager',
      mshr_compensationlevelid: 'L1',
      mshr_marketminimumpay: '100',
      mshr_marketcontrolpay: '150',
      mshr_marketmaximumpay: '200',
    });
  });
  afterAll(() => world.close());

  const newRequest = (more = {}): Promise<Guid> =>
    world.insert(request, {
      mshr_dataareaid: 'usmf',
      mshr_jobid: 'Project Manager',
      mshr_description: 'Test',
      mshr_estimatedstartdate: start,
      ...more,
    });
  const idOfJob = () => world.idOf(job, 'mshr_jobid', 'Project Manager');
  const statusOf = async (id: Guid) => (await world.read(request, id))['mshr_status'];
  const call = (id: Guid, action: string, as: CallerName = 'administrator') =>
    act(world, { table: request, id, action: `${action}RecruitingRequest` }, as);
  const refused = (id: Guid, action: string, as: CallerName = 'administrator') =>
    actRefused(world, { table: request, id, action: `${action}RecruitingRequest` }, as);

  describe('a request', () => {
    test('is made by a manager from a job, activated, and closed', async () => {
      const made = await act(
        world,
        {
          table: job,
          id: await idOfJob(),
          action: 'CreateRecruitingRequest',
          parameters: { EstimatedStartDate: '2030-02-01', Description: 'One more' },
        },
        'manager',
      );
      if (made.kind !== 'message') throw new Error(made.kind);
      expect(made.responseType).toBe('mshr_CreateRecruitingRequestResponse');
      const id = made.members['RecruitingRequestEntityId'] as Guid;
      expect(await world.read(request, id)).toMatchObject({
        mshr_recruitingrequestid: made.members['RecruitingRequestId'],
        mshr_dataareaid: 'usmf',
        mshr_description: 'One more',
        mshr_estimatedstartdate: '2030-02-01T00:00:00Z',
        mshr_status: status.draft,
        mshr_titleid: 'Lead',
      });
      expect(await call(id, 'Activate', 'manager')).toEqual({ kind: 'done' });
      expect(await statusOf(id)).toBe(status.active);
      await call(id, 'Close', 'manager');
      expect(await statusOf(id)).toBe(status.closed);
    });

    test('goes through review and approval where the legal entity has a workflow', async () => {
      const id = await newRequest({ mshr_dataareaid: 'no01' });
      const way = [
        ['Submit', 'manager', status.inReview],
        ['Review', 'approver', status.pending],
        ['Deny', 'approver', status.denied],
        ['Reopen', 'manager', status.draft],
        ['Submit', 'manager', status.inReview],
        ['Recall', 'manager', status.draft],
        ['Submit', 'manager', status.inReview],
        ['Review', 'approver', status.pending],
        ['Approve', 'approver', status.active],
      ] as const;
      for (const [action, as, after] of way) {
        await call(id, action, as);
        expect(await statusOf(id), action).toBe(after);
      }
    });

    test('that is canceled stays so', async () => {
      const id = await newRequest({ mshr_dataareaid: 'no01' });
      for (const action of ['Submit', 'Review', 'Cancel']) await call(id, action);
      expect(await statusOf(id)).toBe(status.canceled);
      const { mshr_recruitingrequestid: number } = await world.read(request, id);
      expect(await refused(id, 'Reopen')).toEqual({
        status: 400,
        code: '0x80040265',
        message: `Recruiting request ${number} is 'Canceled'. The action Reopen needs the state 'Denied'.`,
      });
    });

    test.each([
      ['Activate', 'no01', "must be submitted: recruiting requests of legal entity 'no01' are approved by a workflow."],
      [
        'Submit',
        'usmf',
        "cannot be submitted: recruiting requests of legal entity 'usmf' have no workflow. Activate it.",
      ],
      ['Close', 'usmf', "is 'Draft'. The action Close needs the state 'Active'."],
      ['Approve', 'usmf', "is 'Draft'. The action Approve needs the state 'Pending'."],
      ['Recall', 'usmf', "is 'Draft'. The action Recall needs the state 'In Review' or 'Pending'."],
    ])('refuses %s of a draft of %s', async (action, company, message) => {
      const id = await newRequest({ mshr_dataareaid: company });
      const { mshr_recruitingrequestid: number } = await world.read(request, id);
      const expected = { status: 400, code: '0x80040265', message: `Recruiting request ${number} ${message}` };
      expect(await refused(id, action)).toEqual(expected);
      expect(await statusOf(id)).toBe(status.draft);
    });

    test('obeys the same graph when its status column is written', async () => {
      const id = await newRequest();
      const { mshr_recruitingrequestid: number } = await world.read(request, id);
      const patch = (value: number) => updateOf(world.table(request), id, { mshr_status: value });
      expect(await world.refusal(patch(status.closed), clientOf('administrator'))).toMatchObject({
        message: `Recruiting request ${number} is 'Draft' and cannot become 'Closed'. It can become 'Active' or 'In Review'.`,
      });
      await world.run(patch(status.active), clientOf('administrator'));
      await world.run(patch(status.closed));
      expect(await statusOf(id)).toBe(status.closed);
      expect(await world.refusal(patch(status.active))).toMatchObject({
        message: `Recruiting request ${number} is 'Closed' and cannot become 'Active'. It can become nothing else.`,
      });
    });

    test('is made in the state that one step leads to, and in no other', async () => {
      expect(await statusOf(await newRequest({ mshr_status: status.active }))).toBe(status.active);
      await expect(newRequest({ mshr_status: status.closed })).rejects.toThrow(/cannot become 'Closed'/);
    });

    test('cancels the positions that are open when it is closed', async () => {
      const id = await newRequest({ mshr_status: status.active });
      const { mshr_recruitingrequestid: number } = await world.read(request, id);
      const of = { mshr_dataareaid: 'usmf', mshr_recruitingrequestid: number as string, mshr_positionid: '000426' };
      const part = await world.insert(position, of);
      await call(id, 'Close');
      expect(await world.read(position, part)).toMatchObject({ mshr_status: 200_000_002 });
      const ended = `Position 000426 of recruiting request ${number} cannot be changed: the recruiting request is 'Closed'.`;
      expect(await actRefused(world, { table: position, id: part, action: 'ReopenRecruitingRequestPosition' })).toEqual(
        {
          status: 400,
          code: '0x80040265',
          message: ended,
        },
      );
    });

    test('takes text and pay from its job', async () => {
      const id = await newRequest();
      const table = world.table(job);
      await world.run(
        updateOf(table, await idOfJob(), { mshr_compensationlevelid: 'L1', mshr_jobdescription: 'Lead projects.' }),
        clientOf('administrator'),
      );
      await act(world, { table: request, id, action: 'CreateDetailsFromJob' }, 'manager');
      expect(await world.read(request, id)).toMatchObject({
        mshr_externaldescription: 'Lead projects.',
        mshr_compensationlevelid: 'L1',
        mshr_compensationlowthreshold: 100,
        mshr_compensationcontrolpoint: 150,
        mshr_compensationhighthreshold: 200,
      });
    });

    test('takes the pay points of the level that is chosen, and keeps those that are given', async () => {
      const id = await newRequest({ mshr_compensationlevelid: 'L1', mshr_compensationcontrolpoint: '160' });
      expect(await world.read(request, id)).toMatchObject({
        mshr_compensationlowthreshold: 100,
        mshr_compensationcontrolpoint: 160,
        mshr_compensationhighthreshold: 200,
      });
      await expect(
        newRequest({ mshr_compensationlevelid: 'L1', mshr_compensationlowthreshold: '170' }),
      ).rejects.toThrow("Field 'Compensation Low Threshold' must not be greater than 'Compensation Control Point'.");
    });
  });

  describe('rights', () => {
    test.each([
      ['Activate', 'usmf', status.draft],
      ['Submit', 'no01', status.draft],
      ['Approve', 'no01', status.pending],
      ['Cancel', 'no01', status.pending],
    ])('the recruiting application may not %s, neither by action nor by column', async (action, company, from) => {
      const id = await newRequest({ mshr_dataareaid: company });
      if (from === status.pending) for (const step of ['Submit', 'Review']) await call(id, step);
      const message = `User Rekruttering is not authorized to invoke the method ${action} of HcmRecruitingRequestEntity. Request denied. Access Denied: You do not have sufficient authorization to modify data in database.`;
      const denied = { status: 400, code: '0x80040265', message };
      const asAts = { table: request, id, action: `${action}RecruitingRequest` };
      expect(await actRefused(world, asAts)).toEqual(denied);
      const to = { Activate: status.active, Submit: status.inReview, Approve: status.active, Cancel: status.canceled };
      const patch = updateOf(world.table(request), id, { mshr_status: to[action as keyof typeof to] });
      expect(await world.refusal(patch)).toEqual(denied);
      expect(await statusOf(id)).toBe(from);
    });

    test('the recruiting application may not hire', async () => {
      const id = await world.create(candidate, { mshr_firstname: 'Ola' });
      const denied = await actRefused(world, { table: candidate, id, action: 'HireCandidate' });
      expect(denied).toMatchObject({
        status: 400,
        message: expect.stringContaining('the method Hire of HcmCandidateToHireEntity'),
      });
    });

    test('a manager may not approve', async () => {
      const id = await newRequest({ mshr_dataareaid: 'no01' });
      for (const step of ['Submit', 'Review']) await call(id, step);
      expect(await refused(id, 'Approve', 'manager')).toMatchObject({
        status: 400,
        message: expect.stringContaining('User manager is not authorized to invoke the method Approve'),
      });
    });

    test('strict fidelity knows no such actions', async () => {
      const id = await newRequest();
      world.fidelity = 'strict';
      try {
        expect(await refused(id, 'Activate')).toMatchObject({ status: 404, code: '0x8006088a' });
      } finally {
        world.fidelity = 'extended';
      }
    });
  });

  describe('a candidate', () => {
    const hire = (id: Guid, parameters = {}) =>
      act(world, { table: candidate, id, action: 'HireCandidate', parameters }, 'recruiter');
    const rowsOf = async (table: string, column: string, value: string) =>
      (await world.opened.store.readAll(world.table(table)))
        .map((row) => Object.fromEntries([...row.values].map(([each, of]) => [each.name, of])))
        .filter((row) => row[column] === value);

    test('from outside becomes a worker with an employment and a position', async () => {
      const id = await newRequest({ mshr_status: status.active });
      const { mshr_recruitingrequestid: number } = await world.read(request, id);
      await world.insert('mshr_hcmpositionv2entity', { mshr_positionid: 'P1', mshr_jobid: 'Project Manager' });
      const part = await world.insert(position, {
        mshr_dataareaid: 'usmf',
        mshr_recruitingrequestid: String(number),
        mshr_positionid: 'P1',
      });
      const who = await world.create(candidate, {
        mshr_firstname: 'Ola',
        mshr_lastname: 'Hansen',
        mshr_birthdate: '1990-05-17T00:00:00Z',
        mshr_recruitingrequestid: String(number),
        mshr_positionid: 'P1',
      });
      const made = await hire(who);
      if (made.kind !== 'message') throw new Error(made.kind);
      const personnelNumber = String(made.members['PersonnelNumber']);
      expect(personnelNumber).toMatch(/^\d{6}$/);
      const after = await world.read(candidate, who);
      expect(after).toMatchObject({ mshr_applicantintegrationresult: 200_000_001 });
      const partyNumber = after['mshr_partynumber'];
      for (const table of ['mshr_hcmworkerentity', 'mshr_hcmworkerbaseentity']) {
        expect(await rowsOf(table, 'mshr_personnelnumber', personnelNumber)).toMatchObject([
          { mshr_partynumber: partyNumber, mshr_firstname: 'Ola', mshr_birthdate: '1990-05-17T00:00:00Z' },
        ]);
      }
      expect(await rowsOf('mshr_hcmemploymententity', 'mshr_personnelnumber', personnelNumber)).toMatchObject([
        {
          mshr_legalentityid: 'usmf',
          mshr_employmentstartdate: start,
          mshr_employmentenddate: null,
          mshr_workertype: 200_000_000,
        },
      ]);
      expect(
        await rowsOf('mshr_hcmpositionworkerassignmententity', 'mshr_personnelnumber', personnelNumber),
      ).toMatchObject([{ mshr_positionid: 'P1', mshr_validfrom: start, mshr_validto: null }]);
      expect(await rowsOf('mshr_hcmpositionv2entity', 'mshr_positionid', 'P1')).toMatchObject([
        { mshr_workerpersonnelnumber: personnelNumber, mshr_workername: 'Ola Hansen' },
      ]);
      expect(await world.read(position, part)).toMatchObject({ mshr_status: 200_000_001 });
      expect(
        await actRefused(world, { table: candidate, id: who, action: 'HireCandidate' }, 'recruiter'),
      ).toMatchObject({
        message: `Candidate ${after['mshr_candidateid']} has been hired already.`,
      });

      await act(
        world,
        { table: candidate, id: who, action: 'DismissCandidate', parameters: { Comment: 'no-show' } },
        'recruiter',
      );
      expect(await world.read(candidate, who)).toMatchObject({
        mshr_applicantintegrationresult: 200_000_003,
        mshr_comments: 'no-show',
      });
      expect(await world.read(position, part)).toMatchObject({ mshr_status: 200_000_000 });
      expect(await rowsOf('mshr_hcmpositionv2entity', 'mshr_positionid', 'P1')).toMatchObject([
        { mshr_workerpersonnelnumber: null },
      ]);
      expect(await rowsOf('mshr_hcmemploymententity', 'mshr_personnelnumber', personnelNumber)).toMatchObject([
        { mshr_employmentenddate: start },
      ]);
    });

    test('from inside keeps the worker that there is', async () => {
      const person = await world.idOf('mshr_dirpersonentity', 'mshr_firstname', 'Kari');
      const { mshr_partynumber: party } = await world.read('mshr_dirpersonentity', person);
      await world.insert('mshr_hcmworkerentity', {
        mshr_personnelnumber: 'W77',
        mshr_firstname: 'Kari',
        mshr_partynumber: String(party),
      });
      const who = await world.create(candidate, { mshr_partynumber: String(party) });
      expect(await hire(who, { StartDate: '2030-03-01' })).toMatchObject({ members: { PersonnelNumber: 'W77' } });
      expect(await rowsOf('mshr_hcmemploymententity', 'mshr_personnelnumber', 'W77')).toMatchObject([
        { mshr_employmentstartdate: '2030-03-01T00:00:00Z' },
      ]);
    });

    test('whose result the ATS wrote is made a worker by the hire alone', async () => {
      const who = await world.create(candidate, { mshr_firstname: 'Per' });
      await world.update(candidate, who, { mshr_applicantintegrationresult: 200_000_001 });
      const { mshr_partynumber: party } = await world.read(candidate, who);
      expect(await rowsOf('mshr_hcmworkerentity', 'mshr_partynumber', String(party))).toEqual([]);
      await hire(who, { PersonnelNumber: 'P-9' });
      expect(await rowsOf('mshr_hcmworkerentity', 'mshr_partynumber', String(party))).toMatchObject([
        { mshr_personnelnumber: 'P-9' },
      ]);
    });

    test('may be turned down with a reason', async () => {
      const who = await world.create(candidate, { mshr_firstname: 'Ida' });
      await act(world, {
        table: candidate,
        id: who,
        action: 'DoNotHireCandidate',
        parameters: { ReasonCodeId: 'Docs', Comment: 'no papers' },
      });
      expect(await world.read(candidate, who)).toMatchObject({
        mshr_applicantintegrationresult: 200_000_002,
        mshr_donothirereasoncodeid: 'Docs',
        mshr_comments: 'no papers',
      });
      const { mshr_candidateid: number } = await world.read(candidate, who);
      expect(await actRefused(world, { table: candidate, id: who, action: 'HireCandidate' }, 'recruiter')).toEqual({
        status: 400,
        code: '0x80040265',
        message: `Candidate ${number} is 'Not hired'. The action Hire needs the state 'Not processed'.`,
      });
    });

    test('does not get a position that somebody has', async () => {
      await world.insert('mshr_hcmpositionv2entity', { mshr_positionid: 'P2', mshr_jobid: 'Project Manager' });
      const [first, second] = [
        await world.create(candidate, { mshr_firstname: 'A', mshr_positionid: 'P2' }),
        await world.create(candidate, { mshr_firstname: 'B', mshr_positionid: 'P2' }),
      ];
      const made = await hire(first);
      const number = made.kind === 'message' ? made.members['PersonnelNumber'] : '';
      expect(
        await actRefused(world, { table: candidate, id: second, action: 'HireCandidate' }, 'recruiter'),
      ).toMatchObject({
        message: `Position P2 is held by worker ${number}.`,
      });
      expect(await rowsOf('mshr_hcmworkerentity', 'mshr_firstname', 'B')).toEqual([]);
    });

    test.each([
      [
        'a reason without Not hired',
        { mshr_donothirereasoncodeid: 'Docs' },
        "Field 'Do Not Hire Reason Code ID' may be given only when the candidate is not hired.",
      ],
      [
        'a birth date in the future',
        { mshr_birthdate: '2999-01-01T00:00:00Z' },
        "Field 'Birth Date' must not be in the future.",
      ],
      [
        'a service that ends before it begins',
        { mshr_militaryservicestartdate: '2020-01-02T00:00:00Z', mshr_militaryserviceenddate: '2020-01-01T00:00:00Z' },
        "Field 'Military Service Start Date' must not be later than 'Military Service End Date'.",
      ],
    ])('is refused with %s', async (_, more, message) => {
      const who = await world.create(candidate, { mshr_firstname: 'Eva' });
      expect(await world.refusal(updateOf(world.table(candidate), who, more))).toEqual({
        status: 400,
        code: '0x80040265',
        message,
      });
    });

    test.each([
      [{ Reason: 'x' }, "there is no parameter 'Reason'."],
      [{ ReasonCodeId: 5 }, "the parameter 'ReasonCodeId' must be of type Edm.String."],
    ])('action parameters %j are refused', async (parameters, message) => {
      const who = await world.create(candidate, { mshr_firstname: 'Eva' });
      expect(
        await actRefused(world, { table: candidate, id: who, action: 'DoNotHireCandidate', parameters }),
      ).toMatchObject({
        status: 400,
        code: '0x80048d19',
        message: expect.stringContaining(message),
      });
    });
  });
});
