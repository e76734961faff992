import { parseRow, parseRows, type Row, type Session } from '../../session.ts';
import { compareValues, type Kind } from '../kind.ts';
import type { ChoiceSetup, OptionSetup } from '../setup.ts';

/** English, the language of the base (`LocalizedLabel.LanguageCode`). */
const language = 1033;

/** Choices that tables share and that are an organisation's own. */
export const choices: Kind<ChoiceSetup> = {
  kind: 'choices',
  nameOf: ({ name }) => name,
  async read(session) {
    const rows = await session.all(session.webApi, 'GlobalOptionSetDefinitions');
    return rows
      .filter((row) => row['IsCustomOptionSet'] === true && Array.isArray(row['Options']))
      .map((row) => ({
        name: String(row['Name']),
        label: labelOf(row['DisplayName']),
        options: parseRows(row['Options']).map((option) => ({
          value: Number(option['Value']),
          label: labelOf(option['Label']),
        })),
      }));
  },
  compare: (wanted, current) => [
    ...compareValues(wanted, current, ['label']),
    ...differencesOf(wanted, current).map(({ sign, option }) => `${sign} option ${option.value} ${option.label}`),
  ],
  async apply(session, wanted, current) {
    if (current === undefined) await create(session, wanted);
    else await change(session, wanted, current);
  },
};

const labelOf = (label: unknown): string => {
  const { LocalizedLabels } = parseRow(label);
  const found = parseRows(LocalizedLabels).find((each) => each['LanguageCode'] === language);
  return String(found?.['Label'] ?? '');
};

interface Difference {
  /** `+` new, `-` gone, `~` has another label. */
  readonly sign: '+' | '-' | '~';
  readonly option: OptionSetup;
}

function differencesOf(wanted: ChoiceSetup, current: ChoiceSetup | undefined): readonly Difference[] {
  const before = new Map((current?.options ?? []).map((option) => [option.value, option.label]));
  const after = new Set(wanted.options.map((option) => option.value));
  const changed = wanted.options.flatMap((option): Difference[] => {
    const label = before.get(option.value);
    return label === undefined ? [{ sign: '+', option }] : label === option.label ? [] : [{ sign: '~', option }];
  });
  const gone = (current?.options ?? []).filter((option) => !after.has(option.value));
  return [...changed, ...gone.map((option): Difference => ({ sign: '-', option }))];
}

const label = (text: string): Row => ({
  LocalizedLabels: [{ '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel', Label: text, LanguageCode: language }],
});

async function create({ webApi }: Session, wanted: ChoiceSetup): Promise<void> {
  const body = {
    '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
    ...{ Name: wanted.name, IsGlobal: true, OptionSetType: 'Picklist', DisplayName: label(wanted.label) },
    Options: wanted.options.map((option) => ({ Value: option.value, Label: label(option.label) })),
  };
  await webApi('GlobalOptionSetDefinitions', { method: 'POST', body });
}

async function change({ webApi }: Session, wanted: ChoiceSetup, current: ChoiceSetup): Promise<void> {
  const OptionSetName = current.name;
  if (wanted.label !== current.label) {
    const address = `GlobalOptionSetDefinitions(Name='${OptionSetName}')`;
    const definition = parseRow(await webApi(address));
    await webApi(address, { method: 'PUT', body: { ...definition, DisplayName: label(wanted.label) } });
  }
  const actions = { '+': 'InsertOptionValue', '~': 'UpdateOptionValue', '-': 'DeleteOptionValue' } as const;
  for (const { sign, option } of differencesOf(wanted, current)) {
    const text = sign === '-' ? {} : { Label: label(option.label) };
    const merge = sign === '~' ? { MergeLabels: true } : {};
    const body = { OptionSetName, Value: option.value, ...text, ...merge };
    await webApi(actions[sign], { method: 'POST', body });
  }
}
