import { parseDefinitionRead, readDefinitions } from '../../src/definitions/read-definitions.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import type { Model } from '../../src/metadata/table.ts';
import { Differences, type Fidelity } from '../../src/odata/fidelity.ts';

export const apiRoot = 'https://org.example/api/data/v9.2/';
export const builtIn = builtInModel();

interface Ask {
  readonly model?: Model;
  readonly fidelity?: Fidelity;
  readonly headers?: Readonly<Record<string, string>>;
}

const parts = (url: string) => {
  const [path = '', query = ''] = url.split(/\?(.*)/s, 2);
  return { path, query };
};

/** The answer to a GET on metadata entities, as JSON that was sent. */
export function get(url: string, { model = builtIn, fidelity = 'extended', headers = {} }: Ask = {}) {
  const read = parseDefinitionRead({ ...parts(url), headers });
  const differences = new Differences(fidelity);
  const body = readDefinitions(read, { model, apiRoot, differences });
  return {
    needs: [...read.needs].sort(),
    differs: differences.header,
    body: body === undefined ? undefined : (JSON.parse(JSON.stringify(body)) as Record<string, unknown>),
  };
}

/** The members of `value`. */
export const list = (url: string, ask?: Ask) => get(url, ask).body?.['value'] as Record<string, unknown>[];
