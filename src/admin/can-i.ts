import { canI } from '../can-i/can-i.ts';
import { QuestionFault } from '../can-i/question.ts';
import { understand, understandRequest } from '../can-i/understand.ts';
import { whoCan } from '../can-i/who-can.ts';
import type { AdminCall, AdminRoute } from './call.ts';
import { AdminRefusal } from './problems.ts';

const requestOptions = {
  right: 'read, create, write, delete, link, or the name of a message.',
  table: 'Logical name of the table, or name of its entity set.',
  row: 'Id of the row that it is about; without it a list, or any row.',
  columns: 'Columns that are read or written, and navigation properties that are set, with commas between them.',
  navigation: 'The navigation property that right=link sets.',
  company: 'Legal entity that the body names.',
};

/** What would happen, before anybody calls. Nothing is changed. */
export const canIRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'can-i',
    operationId: 'canI',
    summary: 'Whether an application would be allowed to do something, and if not, which condition it lacks',
    access: 'read',
    isForEnvironment: true,
    options: {
      clientId: 'Of the application.',
      ...requestOptions,
      asUserId: 'Id of the user in whose name it would be asked.',
    },
    success: { status: 200, schema: 'CanI' },
    async run(call) {
      return {
        status: 200,
        body: await canI(
          call.view,
          asked(() => understand(call.view, textsOf(call))),
        ),
      };
    },
  },
  {
    method: 'GET',
    path: 'who-can',
    operationId: 'whoCan',
    summary: 'Which applications would be allowed to do something, by which roles, and what the others lack',
    access: 'read',
    isForEnvironment: true,
    options: requestOptions,
    success: { status: 200, schema: 'WhoCan' },
    async run(call) {
      const question = asked(() => understandRequest(call.view, textsOf(call)));
      return { status: 200, body: await whoCan(call.view, question) };
    },
  },
];

const textsOf = ({ query }: AdminCall) => {
  const text = (name: string): string | undefined => query.get(name) ?? undefined;
  return {
    ...{ clientId: text('clientId'), right: text('right'), table: text('table'), row: text('row') },
    ...{ columns: text('columns'), navigation: text('navigation'), company: text('company') },
    asUserId: text('asUserId'),
  };
};

/** What is wrong with a question, in this surface's words. */
function asked<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof QuestionFault) throw new AdminRefusal(error.code, error.values);
    throw error;
  }
}
