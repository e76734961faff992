import { columnDefaults } from '../../metadata/limits.ts';
import type { Choice, ChoiceOption, ColumnDefinition, ColumnType } from '../../metadata/table.ts';
import type { ChangeContext } from './change.ts';
import { refuseChange } from './change-problems.ts';
import { checkedOptions, findGlobalChoice } from './choices.ts';
import type { DefinitionBody } from './definition-body.ts';

interface ColumnKind {
  readonly type: ColumnType;
  more?(
    body: DefinitionBody,
    table: string,
    context: ChangeContext,
  ): Partial<ColumnDefinition> & { readonly own?: Choice };
}

/** Largest value of a whole number. */
export const largestInt32 = 2_147_483_647;

/** What a body may say of each type of column, by the name of its type. */
export const columnKinds: Readonly<Record<string, ColumnKind>> = {
  StringAttributeMetadata: {
    type: 'String',
    more: (body) => ({ ...lengthOf(body, 100, 4000), ...formatOf(body) }),
  },
  MemoAttributeMetadata: { type: 'Memo', more: (body) => lengthOf(body, 2000, columnDefaults.memoLength) },
  IntegerAttributeMetadata: { type: 'Integer', more: (body) => rangeOf(body, -largestInt32 - 1, largestInt32) },
  BigIntAttributeMetadata: { type: 'BigInt' },
  DecimalAttributeMetadata: { type: 'Decimal', more: (body) => decimalOf(body, 2) },
  DoubleAttributeMetadata: { type: 'Decimal', more: (body) => ({ ...decimalOf(body, 2), numeric: 'Double' }) },
  MoneyAttributeMetadata: { type: 'Decimal', more: (body) => ({ ...decimalOf(body, 2), numeric: 'Money' }) },
  BooleanAttributeMetadata: { type: 'Boolean', more: booleanOf },
  DateTimeAttributeMetadata: { type: 'DateTime', more: momentOf },
  PicklistAttributeMetadata: { type: 'Choice', more: choiceOf },
  MultiSelectPicklistAttributeMetadata: { type: 'Choices', more: choicesOf },
};

/** `AttributeType` of a body without `@odata.type`. */
export const columnTypeNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(columnKinds).map((name) => [name.replace('AttributeMetadata', ''), name]),
);

/** The most characters of a text column. */
export function lengthOf(
  body: DefinitionBody,
  byDefault: number,
  longest: number,
): Pick<ColumnDefinition, 'maxLength'> {
  const maxLength = body.integer('MaxLength') ?? byDefault;
  if (maxLength < 1 || maxLength > longest) throw refuseChange.invalid(`MaxLength must be from 1 to ${longest}.`);
  return { maxLength };
}

const stringFormats = ['Text', 'Email', 'TextArea', 'Url', 'TickerSymbol', 'Phone'];

/** How the text of a column is to be shown. */
export function formatOf(body: DefinitionBody, before = 'Text'): Pick<ColumnDefinition, 'format'> {
  const format = body.object('FormatName')?.text('Value') ?? body.text('Format') ?? before;
  if (!stringFormats.includes(format)) throw refuseChange.notBuilt(`the text format '${format.slice(0, 50)}'`);
  return format === 'Text' ? {} : { format };
}

/** Bounds of whole numbers. */
export function rangeOf(
  body: DefinitionBody,
  smallest: number,
  largest: number,
): Pick<ColumnDefinition, 'min' | 'max'> {
  const min = body.number('MinValue') ?? smallest;
  const max = body.number('MaxValue') ?? largest;
  const isWithin = min >= -largestInt32 - 1 && max <= largestInt32;
  if (!Number.isInteger(min) || !Number.isInteger(max) || !isWithin || min > max) {
    throw refuseChange.invalid('MinValue and MaxValue must be 32-bit whole numbers, the first not above the second.');
  }
  return { min, max };
}

const mostDigits = 10;

/** Digits and bounds of numbers with decimals. `before`: the column that is changed. */
export function decimalOf(
  body: DefinitionBody,
  byDefault: number,
  before?: ColumnDefinition,
): Pick<ColumnDefinition, 'scale' | 'min' | 'max'> {
  const scale = body.integer('Precision') ?? byDefault;
  const min = body.number('MinValue') ?? before?.min;
  const max = body.number('MaxValue') ?? before?.max;
  if (scale < 0 || scale > mostDigits) throw refuseChange.invalid(`Precision must be from 0 to ${mostDigits}.`);
  if (before !== undefined && scale !== byDefault)
    throw refuseChange.notBuilt('another Precision of a column that has values');
  const limit = columnDefaults.decimalMax;
  if ((min ?? -limit) < -limit || (max ?? limit) > limit || (min ?? -limit) > (max ?? limit)) {
    throw refuseChange.invalid(
      `MinValue and MaxValue must be from ${-limit} to ${limit}, the first not above the second.`,
    );
  }
  return { scale, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function booleanOf(body: DefinitionBody): Partial<ColumnDefinition> {
  const set = body.object('OptionSet');
  const option = (member: string, value: number): ChoiceOption | undefined => {
    const given = set?.object(member);
    if (given === undefined) return undefined;
    const { en: label, nb: labelNb } = given.requireLabel('Label');
    return { value, name: label, label, ...(labelNb === undefined ? {} : { labelNb }) };
  };
  const [yes, no] = [option('TrueOption', 1), option('FalseOption', 0)];
  if ((yes === undefined) !== (no === undefined)) throw refuseChange.payload('TrueOption and FalseOption go together.');
  return {
    default: body.flag('DefaultValue') ?? false,
    ...(yes === undefined || no === undefined ? {} : { yesNo: [yes, no] }),
  };
}

const behaviors = ['UserLocal', 'TimeZoneIndependent', 'DateOnly'];

function momentOf(body: DefinitionBody): Partial<ColumnDefinition> {
  const format = body.text('Format') ?? 'DateAndTime';
  if (format !== 'DateOnly' && format !== 'DateAndTime')
    throw refuseChange.invalid(`Format '${format.slice(0, 50)}' is no format of dates.`);
  const behavior = body.object('DateTimeBehavior')?.text('Value');
  if (behavior !== undefined && !behaviors.includes(behavior)) {
    throw refuseChange.invalid(`DateTimeBehavior '${behavior.slice(0, 50)}' is not known.`);
  }
  if (behavior === 'DateOnly' || (behavior === undefined && format === 'DateOnly')) return { type: 'Date' };
  if (format === 'DateOnly') throw refuseChange.notBuilt(`the format DateOnly with the behavior ${behavior}`);
  return behavior === undefined ? {} : { behavior };
}

function choiceOf(
  body: DefinitionBody,
  name: string,
  context: ChangeContext,
): Partial<ColumnDefinition> & { readonly own?: Choice } {
  const bind = body.text('GlobalOptionSet@odata.bind');
  const set = body.object('OptionSet');
  if (bind !== undefined && set !== undefined)
    throw refuseChange.payload('OptionSet and GlobalOptionSet cannot both be given.');
  const globalName = bind === undefined && set?.flag('IsGlobal') === true ? set.text('Name') : undefined;
  const shared =
    bind === undefined && globalName === undefined
      ? undefined
      : findGlobalChoice(context, bind ?? `(Name='${globalName}')`);
  const byDefault = body.integer('DefaultFormValue');
  const rest = byDefault === undefined || byDefault === -1 ? {} : { default: byDefault };
  if (shared !== undefined) return { choice: shared.name, ...rest };
  if (set === undefined) throw refuseChange.payload('a choice needs OptionSet, or GlobalOptionSet@odata.bind.');
  return {
    choice: name,
    ...rest,
    own: { name, custom: true, label: name, options: checkedOptions(set.objects('Options')) },
  };
}

/** Several choices cannot have a default. */
function choicesOf(
  body: DefinitionBody,
  name: string,
  context: ChangeContext,
): Partial<ColumnDefinition> & { readonly own?: Choice } {
  const { default: byDefault, ...more } = choiceOf(body, name, context);
  if (byDefault !== undefined) throw refuseChange.notBuilt('DefaultFormValue of a column with several choices');
  return more;
}
