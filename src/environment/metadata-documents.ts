import { createHash } from 'node:crypto';
import { getNativeTable } from '../dataverse/native/native-tables.ts';
import type { Model, Table } from '../metadata/table.ts';
import { metadataXml } from '../odata/csdl.ts';
import type { SetWrites } from '../odata/csdl-capabilities.ts';
import { metadataJson } from '../odata/csdl-json.ts';
import type { Fidelity } from '../odata/fidelity.ts';
import type { MetadataDocument, MetadataForm } from '../webapi/web-api-environment.ts';

/** The `$metadata` of one model in each of its forms, written when first asked for. */
export function metadataDocuments(model: Model, fidelity: Fidelity): (form: MetadataForm) => MetadataDocument {
  const documents = new Map<string, MetadataDocument>();
  return ({ format, isAnnotated }) => {
    const form = `${format} ${isAnnotated}`;
    const known = documents.get(form);
    if (known !== undefined) return known;
    const write = format === 'json' ? metadataJson : metadataXml;
    const annotations = { isStrict: fidelity === 'strict', writesOf: (table: Table) => writesOf(table, fidelity) };
    const hasEntityActions = fidelity === 'extended';
    const body = Buffer.from(write(model, { hasEntityActions, ...(isAnnotated && { annotations }) }));
    const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const document = { body, etag };
    documents.set(form, document);
    return document;
  };
}

/** Which writes the gates and the rules of a table let through for somebody who holds all privileges. */
function writesOf(table: Table, fidelity: Fidelity): SetWrites {
  if (table.kind === 'virtual') {
    const isExtended = fidelity === 'extended';
    return { insert: true, update: true, upsert: isExtended, remove: true, deepInsert: isExtended };
  }
  const { create, update, remove } = getNativeTable(table);
  const [insert, change] = [create !== undefined, update !== undefined];
  return { insert, update: change, upsert: insert && change, remove: remove !== undefined, deepInsert: insert };
}
