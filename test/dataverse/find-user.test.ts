import { beforeAll, describe, expect, test } from 'vitest';
import { findApplicationUser } from '../../src/dataverse/find-user.ts';
import { type ClientId, type Guid, getGuid } from '../../src/kernel/ids.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { TestEnvironment } from './support.ts';

const clientId = (number: number): ClientId => getGuid(`cccccccc-0000-4000-8000-00000000000${number}`);
const issuerObject: Guid = getGuid('dddddddd-0000-4000-8000-000000000004');
let environment: TestEnvironment;
let disabled: Guid;
let inDisabledUnit: Guid;

beforeAll(async () => {
  environment = await TestEnvironment.open();
  await environment.putUser(clientId(1));
  await environment.putUser(clientId(4), { azureactivedirectoryobjectid: issuerObject });
  disabled = await environment.putUser(clientId(2), { isdisabled: true });
  const unit = await environment.put('businessunit', { name: 'closed', isdisabled: true });
  inDisabledUnit = await environment.putUser(clientId(3), { businessunitid: unit });
  await environment.deps.security.refresh();
});

function refusalOf(id: ClientId, boundTo?: Guid): Refusal {
  try {
    findApplicationUser(environment.deps.security.current, id, boundTo);
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('not refused');
}

describe('the application user of a client id', () => {
  test('is found without any role', () => {
    expect(findApplicationUser(environment.deps.security.current, clientId(1)).clientId).toBe(clientId(1));
  });

  test('is no member when there is none', () => {
    expect(refusalOf(clientId(9))).toMatchObject({
      stage: 'user',
      problem: { status: 403, code: '0x80072560', message: 'The user is not a member of the organization.' },
    });
  });

  test('of an outside issuer is found when the user was made for that issuer', () => {
    expect(findApplicationUser(environment.deps.security.current, clientId(4), issuerObject).clientId).toBe(
      clientId(4),
    );
  });

  test.each([1, 4])('of an outside issuer is no member when the user was made for another (%s)', (number) => {
    const refusal = refusalOf(clientId(number), getGuid('dddddddd-0000-4000-8000-000000000001'));
    expect(refusal.problem).toMatchObject({ status: 403, code: '0x80072560' });
    expect(refusal.reason).toContain('was not made for the issuer');
  });

  test('is refused when disabled', () => {
    expect(refusalOf(clientId(2)).problem).toEqual({
      status: 403,
      code: '0x80040225',
      message: `The specified user(Id = ${disabled}) is disabled. Consider enabling this user.`,
    });
  });

  test('is refused when the business unit is disabled', () => {
    expect(refusalOf(clientId(3)).problem).toEqual({
      status: 403,
      code: '0x80040225',
      message: `The specified user(Id = ${inDisabledUnit}) is either disabled or is not a member of any business unit.`,
    });
  });
});
