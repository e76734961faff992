import { SaxesParser } from 'saxes';
import type { Model } from '../../metadata/table.ts';
import { refuseDefinition } from '../definition-problems.ts';
import { refuseChange } from './change-problems.ts';
import type { DefinitionBody } from './definition-body.ts';

const longestXml = 1_000_000;

/**
 * `PublishXml` and `PublishAllXml`. Changes are in force when they are answered, so there is nothing to publish; what is
 * named must be there all the same, since the real product would refuse it.
 */
export function checkPublish(name: string, body: DefinitionBody, model: Model): void {
  if (name === 'PublishAllXml') return;
  const xml = body.requireText('ParameterXml');
  if (xml.length > longestXml) throw refuseChange.limit('characters of ParameterXml', longestXml);
  for (const [element, text] of namesIn(xml)) {
    if (element === 'entity' && !model.table.has(text)) throw refuseDefinition.noTable(text);
    if (element === 'optionset' && !model.choice.has(text)) throw refuseChange.noChoice(text);
  }
}

/** Innermost elements with their text. Refuses what is not well-formed, or begins with another element. */
function namesIn(xml: string): readonly (readonly [element: string, text: string])[] {
  const found: [string, string][] = [];
  const open: string[] = [];
  let text = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw refuseChange.invalid(`ParameterXml is not well-formed: ${error.message}`);
  });
  parser.on('doctype', () => {
    throw refuseChange.invalid('ParameterXml must not have a document type.');
  });
  parser.on('opentag', ({ name }) => {
    if (open.length === 0 && name !== 'importexportxml')
      throw refuseChange.invalid("ParameterXml must begin with 'importexportxml'.");
    open.push(name);
    text = '';
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.on('closetag', ({ name }) => {
    found.push([name, text.trim()]);
    open.pop();
    text = '';
  });
  parser.write(xml).close();
  return found;
}
