import type { Subject } from '../explain/environment-view.ts';
import type { RequestShape } from '../kernel/cause.ts';
import type { Guid } from '../kernel/ids.ts';

/** What would be done, as text: options of the routes. */
export interface RequestTexts {
  /** `read`, `create`, `write`, `delete`, `link`, or the name of a message. */
  readonly right: string | undefined;
  /** Logical name, or name of the entity set. Absent only for messages that are bound to none. */
  readonly table: string | undefined;
  readonly row: string | undefined;
  /** Columns, and for writes navigation properties, with commas between them. */
  readonly columns: string | undefined;
  /** Navigation property of a link. */
  readonly navigation: string | undefined;
  /** Legal entity that the body names. */
  readonly company: string | undefined;
}

/** What somebody asks, as text. */
export interface AskedTexts extends RequestTexts {
  readonly clientId: string | undefined;
  readonly asUserId: string | undefined;
}

/** The same, understood: what a request would ask of the gates. */
export interface Question {
  readonly subject: Subject;
  readonly shapes: readonly RequestShape[];
  readonly targetId?: Guid;
}

/** Why a question cannot be asked; each is a problem of `/portvakt/v1` of that name. */
export type QuestionFaultCode = 'optionInvalid' | 'nameUnknown' | 'applicationUnknown' | 'neverAllowed';

/** The question names something that is not there, or that nobody may do. */
export class QuestionFault extends Error {
  readonly code: QuestionFaultCode;
  /** Of the problem's text. */
  readonly values: readonly string[];

  constructor(code: QuestionFaultCode, ...values: readonly string[]) {
    super(code);
    this.name = 'QuestionFault';
    this.code = code;
    this.values = values;
  }
}
