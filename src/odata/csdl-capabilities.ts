import type { Column, Navigation, Table } from '../metadata/table.ts';
import { type Annotations, PropertyNames } from './csdl-annotations.ts';
import { queryFunctions } from './query-functions.ts';

/** Which writes an entity set takes. */
export interface SetWrites {
  readonly insert: boolean;
  readonly update: boolean;
  /** PATCH with an id that is free creates the row. */
  readonly upsert: boolean;
  readonly remove: boolean;
  /** Rows nested in the body of a new row are made with it. */
  readonly deepInsert: boolean;
}

const builtQueryFunctions = [...queryFunctions].flatMap(([name, { kind }]) =>
  kind === 'refused' ? [] : [`Microsoft.Dynamics.CRM.${name}`],
);

/** What holds for the whole API, in the words of `Org.OData.Capabilities.V1`. */
export const apiCapabilities = (isStrict: boolean): Annotations =>
  terms({
    SupportedFormats: ['application/json'],
    AsynchronousRequestsSupported: false,
    BatchSupported: true,
    BatchSupport: {
      Supported: true,
      ContinueOnErrorSupported: true,
      ReferencesInRequestBodiesSupported: true,
      ReferencesAcrossChangeSetsSupported: false,
      EtagReferencesSupported: true,
      RequestDependencyConditionsSupported: false,
      SupportedFormats: ['multipart/mixed', ...(isStrict ? [] : ['application/json'])],
    },
    CrossJoinSupported: false,
    KeyAsSegmentSupported: false,
    QuerySegmentSupported: false,
    FilterFunctions: ['contains', 'endswith', 'startswith', ...builtQueryFunctions],
  });

/** What can be done with the rows of a set, so that clients need not find out by being refused. */
export function setCapabilities(table: Table, navigations: readonly Navigation[], writes: SetWrites): Annotations {
  const columns = [...table.property.values()].filter((column) => column.type !== 'Lookup');
  const isKey = (column: Column): boolean => column === table.primaryKey;
  return terms({
    ReadRestrictions: { Readable: true },
    SelectSupport: { Supported: true },
    FilterRestrictions: { Filterable: true, RequiresFilter: false },
    SortRestrictions: { Sortable: true },
    ExpandRestrictions: { Expandable: true },
    CountRestrictions: { Countable: true },
    TopSupported: true,
    SkipSupported: false,
    SearchRestrictions: { Searchable: false },
    ComputeSupported: false,
    IndexableByKey: true,
    InsertRestrictions: {
      Insertable: writes.insert,
      ...(writes.insert && {
        NonInsertableProperties: names(columns.filter((column) => column.access === 'read-only' && !isKey(column))),
        NonInsertableNavigationProperties: links(navigations, (column) => column.access === 'read-only'),
      }),
    },
    DeepInsertSupport: { Supported: writes.deepInsert, ContentIDSupported: false },
    UpdateRestrictions: {
      Updatable: writes.update,
      Upsertable: writes.upsert,
      DeltaUpdateSupported: false,
      ...(writes.update && {
        NonUpdatableProperties: names(columns.filter((column) => column.access !== 'read-write' || isKey(column))),
        NonUpdatableNavigationProperties: links(navigations, (column) => column.access !== 'read-write'),
      }),
    },
    DeepUpdateSupport: { Supported: false, ContentIDSupported: false },
    DeleteRestrictions: { Deletable: writes.remove },
  });
}

const names = (columns: readonly Column[]): PropertyNames =>
  new PropertyNames(
    'PropertyPath',
    columns.map(({ property }) => property),
  );

/** Lookups that cannot be bound. */
const links = (navigations: readonly Navigation[], isFixed: (column: Column) => boolean): PropertyNames =>
  new PropertyNames(
    'NavigationPropertyPath',
    navigations.flatMap((link) => (link.kind === 'single' && isFixed(link.column) ? [link.name] : [])),
  );

function terms(values: Annotations): Annotations {
  return Object.fromEntries(
    Object.entries(values).map(([term, value]) => [`Org.OData.Capabilities.V1.${term}`, value]),
  );
}
