import { builtInModel } from './metadata/built-in.ts';
import { linkModel } from './metadata/model.ts';
import type { Model } from './metadata/table.ts';

/** The package entry `portvakt/model`: the tables and choices that every environment begins with. */
export const model: Model = builtInModel();

/** A model of definitions of one's own (`TableDefinition`), as `parse` of `portvakt/odata` takes it. */
export const makeModel = linkModel;
