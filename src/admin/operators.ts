import type { Guid } from '../kernel/ids.ts';
import { type OperatorRole, operatorRoles } from '../kernel/operator.ts';
import { Refusal } from '../kernel/refusal.ts';
import { type AdminCall, type AdminRoute, getId } from './call.ts';
import { flag, lineOf, oneOf, optional, parseBody, required } from './members.ts';
import { AdminRefusal } from './problems.ts';

type Language = 'en' | 'nb';

/** A person who uses the web app. */
interface OperatorEntry {
  readonly id: Guid;
  readonly name: string;
  readonly role: OperatorRole;
  readonly language: Language | undefined;
  readonly isEnabled: boolean;
  readonly passwordHash: string | undefined;
  readonly createdAt: string;
  readonly lastSignInAt: string | undefined;
}

interface NewOperator {
  readonly name: string;
  readonly role: OperatorRole;
  readonly language: Language | undefined;
}

interface OperatorChange {
  readonly name?: string | undefined;
  readonly role?: OperatorRole | undefined;
  readonly isEnabled?: boolean | undefined;
}

/** What this surface needs of the operators. It rejects with a `Refusal` whose code is one of `adminProblems`. */
export interface OperatorAdministration {
  list(): Promise<readonly OperatorEntry[]>;
  find(id: Guid): Promise<OperatorEntry | undefined>;
  /** How many passkeys each one has; who has none is not in it. */
  countPasskeys(): Promise<ReadonlyMap<Guid, number>>;
  create(order: NewOperator): Promise<OperatorEntry>;
  change(id: Guid, change: OperatorChange): Promise<OperatorEntry | undefined>;
  remove(id: Guid): Promise<boolean>;
  createLink(
    purpose: 'invitation' | 'reset',
    operator: Pick<OperatorEntry, 'id'>,
  ): Promise<{ readonly token: string; readonly endsAt: string }>;
}

const name = lineOf(100);
const role = oneOf(operatorRoles);
const newOperator = {
  name: required(name, 'What the person signs in with.'),
  role: required(role, 'full: everything. readOnly: reads everything. recruiting: recruiting data only.'),
  language: optional(oneOf(['en', 'nb']), 'Of the web app.'),
};
const operatorChange = {
  name: optional(name, 'What the person signs in with.'),
  role: optional(role, 'Another one ends all sessions of the person.'),
  isEnabled: optional(flag, 'false: all sessions end, and there can be no new one.'),
};

/** Operators of the web app. For those who may change the installation only: whoever makes an operator can become one. */
export const operatorRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'operators',
    operationId: 'listOperators',
    summary: 'The people who use the web app',
    access: 'readWrite',
    success: { status: 200, schema: 'OperatorList' },
    async run({ operators }) {
      const passkeys = await operators.countPasskeys();
      return { status: 200, body: { value: (await operators.list()).map((each) => show(each, passkeys)) } };
    },
  },
  {
    method: 'POST',
    path: 'operators',
    operationId: 'createOperator',
    summary: 'Makes an operator, and a one-time link by which the person sets a password',
    access: 'readWrite',
    members: newOperator,
    success: { status: 201, schema: 'InvitedOperator' },
    async run(call) {
      const { language, ...order } = parseBody(call.request, newOperator);
      const made = await known(call.operators.create({ ...order, language }));
      const invitation = await invite(call, made);
      return { status: 201, body: { ...show(made, new Map()), invitation }, location: `operators/${made.id}` };
    },
  },
  {
    method: 'GET',
    path: 'operators/{id}',
    operationId: 'getOperator',
    summary: 'One operator',
    access: 'readWrite',
    success: { status: 200, schema: 'Operator' },
    run: async (call) => ({ status: 200, body: show(await get(call), await call.operators.countPasskeys()) }),
  },
  {
    method: 'PATCH',
    path: 'operators/{id}',
    operationId: 'changeOperator',
    summary: 'Renames, disables, or gives another role; what is withdrawn counts at once',
    access: 'readWrite',
    members: operatorChange,
    success: { status: 200, schema: 'Operator' },
    async run(call) {
      const { id } = await get(call);
      const changed = await known(call.operators.change(id, parseBody(call.request, operatorChange)));
      if (changed === undefined) throw new AdminRefusal('operatorUnknown', [id]);
      return { status: 200, body: show(changed, await call.operators.countPasskeys()) };
    },
  },
  {
    method: 'DELETE',
    path: 'operators/{id}',
    operationId: 'deleteOperator',
    summary: 'Removes an operator, with all sessions',
    access: 'readWrite',
    success: { status: 204 },
    async run(call) {
      const { id } = await get(call);
      await known(call.operators.remove(id));
      return { status: 204 };
    },
  },
  {
    method: 'POST',
    path: 'operators/{id}/invite',
    operationId: 'inviteOperator',
    summary: 'Makes another one-time link; the one before is void',
    access: 'readWrite',
    success: { status: 200, schema: 'Invitation' },
    run: async (call) => ({ status: 200, body: await invite(call, await get(call)) }),
  },
];

async function get(call: AdminCall): Promise<OperatorEntry> {
  const id = getId(call);
  const found = await call.operators.find(id);
  if (found === undefined) throw new AdminRefusal('operatorUnknown', [id]);
  return found;
}

/** Refusals of the operators in this surface's words. */
function known<T>(done: Promise<T>): Promise<T> {
  return done.catch((error: unknown) => {
    const code = error instanceof Refusal ? error.problem.code : undefined;
    if (code === 'nameTaken' || code === 'lastFullOperator') throw new AdminRefusal(code);
    throw error;
  });
}

async function invite({ operators, authorityUrl }: AdminCall, operator: OperatorEntry): Promise<object> {
  const isNew = operator.passwordHash === undefined && !(await operators.countPasskeys()).has(operator.id);
  const purpose = isNew ? 'invitation' : 'reset';
  const { token, endsAt } = await operators.createLink(purpose, operator);
  return { link: `${authorityUrl}/app/setup#token=${token}`, expiresAt: endsAt };
}

const show = (
  { language, passwordHash, lastSignInAt, ...shown }: OperatorEntry,
  passkeys: ReadonlyMap<Guid, number>,
) => ({
  ...shown,
  ...(language === undefined ? {} : { language }),
  hasPassword: passwordHash !== undefined,
  passkeys: passkeys.get(shown.id) ?? 0,
  ...(lastSignInAt === undefined ? {} : { lastSignInAt }),
});
