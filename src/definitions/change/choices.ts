import type { Choice, ChoiceOption } from '../../metadata/table.ts';
import { choiceRow, optionSetDefinition } from '../option-set-metadata.ts';
import { localChoiceNames, optionSetId } from '../rows.ts';
import { type Change, type ChangeContext, makeChange } from './change.ts';
import { refuseChange } from './change-problems.ts';
import { type DefinitionBody, refuseUnkept } from './definition-body.ts';
import { checkSchemaName, longestName } from './schema-names.ts';
import { changedTexts, optionTexts, textsOf } from './texts.ts';

/** First value of an option that nobody gave a value: those of the default publisher (dataverse-web-api 4.13). */
const firstValue = 100_000_000;
const largestValue = 2_147_483_647;
const mostOptions = 1000;

/** Options as a body lists them; values that are `null` are given out. */
export function checkedOptions(bodies: readonly DefinitionBody[]): readonly ChoiceOption[] {
  if (bodies.length > mostOptions) throw refuseChange.limit('options of a choice', mostOptions);
  const options: ChoiceOption[] = [];
  for (const body of bodies) options.push(newOption(body, options));
  return options;
}

function newOption(body: DefinitionBody, existing: readonly ChoiceOption[]): ChoiceOption {
  const value = body.integer('Value') ?? freeValue(existing);
  if (value < 0 || value > largestValue) throw refuseChange.optionRange(value);
  if (existing.some((option) => option.value === value)) throw refuseChange.optionExists(value);
  if (existing.length >= mostOptions) throw refuseChange.limit('options of a choice', mostOptions);
  const { en: label, nb: labelNb } = body.requireLabel('Label');
  const texts = optionTexts({ label, ...(labelNb === undefined ? {} : { labelNb }) }, body, false);
  return { value, name: label, label, ...texts, ...colorOf(body) };
}

function colorOf(body: DefinitionBody): Pick<ChoiceOption, 'color'> {
  const color = body.text('Color');
  if (color === undefined) return {};
  if (!/^#[0-9a-fA-F]{6}$/.test(color))
    throw refuseChange.invalid(`'${color.slice(0, 20)}' is no color such as #0000ff.`);
  return { color };
}

function freeValue(existing: readonly ChoiceOption[]): number {
  const largest = Math.max(firstValue - 1, ...existing.map(({ value }) => value));
  if (largest >= largestValue) throw refuseChange.noFreeOption();
  return largest + 1;
}

/** A choice that tables share, by a reference such as `/GlobalOptionSetDefinitions(Name='new_colors')`. */
export function findGlobalChoice({ model }: ChangeContext, reference: string): Choice {
  const key = /\(([^()]*)\)$/.exec(reference)?.[1] ?? '';
  const name = /^Name='([^']*)'$/.exec(key)?.[1];
  const local = localChoiceNames(model);
  const found = [...model.choice.values()].find(
    (choice) => !local.has(choice.name) && (choice.name === name || optionSetId(choice.name) === key.toLowerCase()),
  );
  if (found === undefined) throw refuseChange.noChoice(name ?? key);
  return found;
}

/** Creates a choice that tables may share. */
export function createChoice(context: ChangeContext, body: DefinitionBody): Change {
  const type = body.typeName ?? 'OptionSetMetadata';
  if (type !== 'OptionSetMetadata' || (body.text('OptionSetType') ?? 'Picklist') !== 'Picklist') {
    throw refuseChange.notBuilt(`a global choice of the type '${type.slice(0, 60)}'`);
  }
  const name = checkSchemaName(body.requireText('Name'), longestName);
  if (context.model.choice.has(name)) throw refuseChange.exists('OptionSet', name);
  const { en: label, nb: labelNb } = body.requireLabel('DisplayName');
  const texts = changedTexts({ label, ...(labelNb === undefined ? {} : { labelNb }) }, body, false);
  const choice: Choice = { name, custom: true, label, ...texts, options: checkedOptions(body.objects('Options')) };
  const change = makeChange(context, { choices: [...context.customization.choices, choice], touched: [] });
  // The name is what its author wrote, in lower case.
  refuseUnkept(body, { made: optionSetDefinition(choiceRow(choice, true)), except: ['Options', 'Name'] });
  return { ...change, created: `GlobalOptionSetDefinitions(${optionSetId(name)})` };
}

/** Replaces the texts of a choice; options have actions of their own. */
export function updateChoice(context: ChangeContext, name: string, body: DefinitionBody): Change {
  const change = changeChoice(context, name, (choice) => ({
    ...withoutTexts(choice),
    label: choice.label,
    ...changedTexts(textsOf(choice), body, context.mergeLabels),
  }));
  const choice = change.model.choice.get(name);
  if (choice !== undefined)
    refuseUnkept(body, { made: optionSetDefinition(choiceRow(choice, true)), except: ['Options'] });
  return change;
}

function withoutTexts({ label, labelNb, description, descriptionNb, ...rest }: Choice): Omit<Choice, 'label'> {
  return rest;
}

export function deleteChoice(context: ChangeContext, name: string): Change {
  const { customization, model } = context;
  if (!customization.choices.some((each) => each.name === name)) throw refuseChange.managed('OptionSet', name);
  const users = tablesWith(context, name).flatMap((table) =>
    (model.table.get(table)?.columns ?? [])
      .filter((column) => column.choice === name)
      .map((column) => `Attribute ${table}.${column.name}`),
  );
  if (users.length > 0) throw refuseChange.inUse('OptionSet', name, users);
  return makeChange(context, {
    choices: customization.choices.filter((each) => each.name !== name),
    touched: [],
    deleted: [{ kind: 'OptionSet', id: optionSetId(name) }],
  });
}

const tablesWith = ({ model }: ChangeContext, choice: string): readonly string[] =>
  model.tables
    .filter((table) => table.columns.some((column) => column.choice === choice))
    .map((table) => table.logicalName);

/** Changes a choice; of the product's own only texts are kept. */
function changeChoice(context: ChangeContext, name: string, to: (choice: Choice) => Choice): Change {
  const { customization, model } = context;
  const own = customization.choices.find((each) => each.name === name);
  const touched = tablesWith(context, name);
  if (own !== undefined) {
    const choices = customization.choices.map((each) => (each === own ? to(own) : each));
    return makeChange(context, { choices, touched });
  }
  const managed = model.choice.get(name);
  if (managed === undefined) throw refuseChange.noChoice(name);
  const texts = { ...customization.texts, [`choice ${name}`]: textsOf(to(managed)) };
  return makeChange(context, { texts, touched });
}

/** Of which choice, or which column, an action on options speaks. */
interface OptionTarget {
  readonly choice: Choice;
  readonly isCustom: boolean;
  /** `statecode`, `statuscode` or another column; absent for a choice that is named itself. */
  readonly column: string | undefined;
}

function targetOf(context: ChangeContext, body: DefinitionBody): OptionTarget {
  const { model, customization } = context;
  const name = body.text('OptionSetName');
  const [tableName, columnName] = [body.text('EntityLogicalName'), body.text('AttributeLogicalName')];
  const column = name === undefined ? model.table.get(tableName ?? '')?.column.get(columnName ?? '') : undefined;
  if (name === undefined && column === undefined) {
    throw refuseChange.invalid(
      'OptionSetName, or EntityLogicalName and AttributeLogicalName of a column, must be given.',
    );
  }
  const choice = model.choice.get(name ?? column?.choice ?? '');
  if (choice === undefined)
    throw column === undefined ? refuseChange.noChoice(name ?? '') : refuseChange.notPicklist(column.name);
  return { choice, isCustom: customization.choices.some((each) => each.name === choice.name), column: column?.name };
}

/** A choice whose options may come and go. */
function requireOpen({ choice, isCustom, column }: OptionTarget): void {
  if (!isCustom) throw refuseChange.optionsFixed(choice.name);
  if (column === 'statecode') throw refuseChange.notPicklist(column);
}

/** `InsertOptionValue`. */
export function insertOption(context: ChangeContext, body: DefinitionBody): Change {
  const target = targetOf(context, body);
  requireOpen(target);
  if (target.column === 'statuscode')
    throw refuseChange.invalid('Options of statuscode are added by InsertStatusValue.');
  const option = newOption(body, target.choice.options);
  const change = changeChoice(context, target.choice.name, (choice) => ({
    ...choice,
    options: [...choice.options, option],
  }));
  return { ...change, members: { NewOptionValue: option.value } };
}

/** `InsertStatusValue`. */
export function insertStatus(context: ChangeContext, body: DefinitionBody): Change {
  const target = targetOf(context, body);
  requireOpen(target);
  if (target.column !== 'statuscode') throw refuseChange.notPicklist(target.column ?? target.choice.name);
  const state = body.integer('StateCode');
  if (state !== 0 && state !== 1) throw refuseChange.invalid('StateCode must be 0 or 1.');
  const option = { ...newOption(body, target.choice.options), state };
  const change = changeChoice(context, target.choice.name, (choice) => ({
    ...choice,
    options: [...choice.options, option],
  }));
  return { ...change, members: { NewOptionValue: option.value } };
}

/** `UpdateOptionValue`: also of the product's own choices, and of the two options of a yes/no column. */
export function updateOption(context: ChangeContext, body: DefinitionBody): Change {
  return changeOption(context, targetOf(context, body), body, {});
}

/** `UpdateStateValue`. */
export function updateState(context: ChangeContext, body: DefinitionBody): Change {
  const target = targetOf(context, body);
  const status = body.integer('DefaultStatusCode');
  if (target.column !== 'statecode') throw refuseChange.invalid('UpdateStateValue is for the column statecode.');
  const value = body.integer('Value');
  const statuses = context.model.choice.get(target.choice.name.replace(/_statecode$/, '_statuscode'))?.options ?? [];
  if (status !== undefined && !statuses.some((each) => each.value === status && each.state === value)) {
    throw refuseChange.stateOnly(status, target.choice.name);
  }
  return changeOption(context, target, body, status === undefined ? {} : { defaultStatus: status });
}

function changeOption(
  context: ChangeContext,
  { choice, isCustom }: OptionTarget,
  body: DefinitionBody,
  more: Partial<ChoiceOption>,
): Change {
  const value = body.integer('Value');
  const option = choice.options.find((each) => each.value === value);
  if (value === undefined || option === undefined) throw refuseChange.noOption(value ?? -1);
  const texts = optionTexts(textsOf(option), body, body.flag('MergeLabels') ?? false);
  if (isCustom) {
    const { label, labelNb, description, descriptionNb, ...rest } = option;
    const changed: ChoiceOption = { ...rest, label, ...texts, ...colorOf(body), ...more };
    const options = choice.options.map((each) => (each === option ? changed : each));
    return changeChoice(context, choice.name, (each) => ({ ...each, options }));
  }
  const { customization } = context;
  return makeChange(context, {
    texts: { ...customization.texts, [`option ${choice.name}.${value}`]: texts },
    touched: tablesWith(context, choice.name),
  });
}

/** `DeleteOptionValue`. Rows that have the value keep it, as in the real product. */
export function deleteOption(context: ChangeContext, body: DefinitionBody): Change {
  const target = targetOf(context, body);
  requireOpen(target);
  const value = body.integer('Value');
  const option = target.choice.options.find((each) => each.value === value);
  if (option === undefined) throw refuseChange.noOption(value ?? -1);
  if (target.column === 'statuscode' && isDefaultStatus(context, target, option)) {
    throw refuseChange.inUse('OptionValue', String(value), ['the state whose default it is']);
  }
  const options = target.choice.options.filter((each) => each !== option);
  return changeChoice(context, target.choice.name, (choice) => ({ ...choice, options }));
}

function isDefaultStatus({ model }: ChangeContext, { choice }: OptionTarget, { value }: ChoiceOption): boolean {
  const states = model.choice.get(choice.name.replace(/_statuscode$/, '_statecode'));
  return states?.options.some((state) => state.defaultStatus === value) === true;
}

/** `OrderOption`: all values, each once. */
export function orderOptions(context: ChangeContext, body: DefinitionBody): Change {
  const target = targetOf(context, body);
  requireOpen(target);
  const { choice } = target;
  const values = body.list('Values');
  const ordered = values.flatMap((value) => choice.options.find((option) => option.value === value) ?? []);
  if (
    ordered.length !== choice.options.length ||
    new Set(values).size !== values.length ||
    values.length !== ordered.length
  ) {
    throw refuseChange.invalid('Values must hold every value of the choice, each once.');
  }
  return changeChoice(context, choice.name, (each) => ({ ...each, options: ordered }));
}
