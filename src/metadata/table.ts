/**
 * The shape in which tables are written down (`tables/*.ts`, data only) and the linked form that the code works with.
 * SQL tables and indexes, `$metadata`, Dataverse privileges and Human Resources permissions are all derived from it.
 */

/**
 * - `BigInt` is a 64-bit whole number; `Decimal` has `scale` digits after the point; both travel as JSON numbers.
 * - `Memo` is long text. `Date` and `DateTime` both travel as `YYYY-MM-DDThh:mm:ssZ` on virtual tables.
 * - `Choices` is none, one or several options of a choice; on the wire their numbers with commas between them.
 * - `Lookup` holds the id of a row of another table and is on the wire as `_<name>_value`.
 */
export type ColumnType =
  | 'Guid'
  | 'String'
  | 'Memo'
  | 'Integer'
  | 'BigInt'
  | 'Decimal'
  | 'Boolean'
  | 'Date'
  | 'DateTime'
  | 'Choice'
  | 'Choices'
  | 'Lookup';

/** Who may set a column: nobody but the system, the caller on create only, or the caller at any time. */
export type ColumnAccess = 'read-only' | 'write-once' | 'read-write';

export interface LookupDefinition {
  /** Schema name of the relationship; absent: see `relationships.ts`. */
  readonly relationship?: string;
  /** Logical name of the table that the lookup points to. */
  readonly target: string;
  /** Tables whose rows may be named for it, where `target` holds a row of the same id for each of theirs (`owner`). */
  readonly targets?: readonly string[];
  /** Single-valued navigation property on this table. */
  readonly navigation: string;
  /** Collection navigation property on the target; absent when there is none. */
  readonly inverse?: string;
  /** What becomes of this row when the row it points to is deleted; absent: the lookup is emptied. */
  readonly onDelete?: 'RemoveLink' | 'Restrict';
  /**
   * Readable columns of this row that select the target row: local column -> column of the target. The lookup follows
   * them; where the lookup itself may be written, they follow it.
   */
  readonly resolvedFrom?: Readonly<Record<string, string>>;
}

/** The next value of a number sequence, made when a row is created without one: `prefix` + number padded to `digits`. */
export interface NumberSequenceDefinition {
  /** `company` puts the row's legal entity in capitals and a hyphen in front (`USMF-000001`), a sequence per company. */
  readonly prefix: 'company' | string;
  readonly digits: number;
}

export interface ColumnDefinition {
  readonly name: string;
  /** Name with the capitals that its author gave it; absent: the name of the navigation property, or the name itself. */
  readonly schemaName?: string;
  readonly label: string;
  readonly labelNb?: string;
  readonly description?: string;
  readonly descriptionNb?: string;
  readonly type: ColumnType;
  /** Characters; absent means the default of the type (`limits.ts`). */
  readonly maxLength?: number;
  /** Digits after the decimal point; absent means the default (`limits.ts`). */
  readonly scale?: number;
  readonly min?: number;
  readonly max?: number;
  /** Name of the choice, in `choices.ts`. A choice column without one takes any 32-bit number. */
  readonly choice?: string;
  /** Decimal columns that the metadata calls something else. */
  readonly numeric?: 'Money' | 'Double';
  /** String columns: how the text is to be shown, such as `Email`; `Text` without. Nothing checks it. */
  readonly format?: string;
  /** DateTime columns: `UserLocal` or `TimeZoneIndependent`. Values travel in UTC either way. */
  readonly behavior?: string;
  /** What forms demand. Nothing enforces it, as in the real product. */
  readonly requiredLevel?: 'ApplicationRequired' | 'Recommended';
  /** Boolean columns: the two options, with the values 1 and 0, where they are not called Yes and No. */
  readonly yesNo?: readonly ChoiceOption[];
  readonly access: ColumnAccess;
  /** Documented as required; for a read-only column it means never empty. */
  readonly required?: boolean;
  /** The create is refused when neither the caller nor a default nor the system gives a value. */
  readonly requiredOnCreate?: boolean;
  /** The value is made by the system (ids, version numbers). */
  readonly systemGenerated?: boolean;
  /** BigInt columns: the number of the row's version, which its ETag has too. Storage keeps it. */
  readonly rowVersion?: boolean;
  readonly default?: string | number | boolean;
  readonly sequence?: NumberSequenceDefinition;
  readonly lookup?: LookupDefinition;
  /** Made by a customizer of this environment, in a table of theirs or not. */
  readonly custom?: boolean;
  /**
   * Virtual tables: sensitive. Human Resources gives it to nobody without a permission on this very column (table
   * permissions framework, human-resources-security 2.1 and 2.3).
   */
  readonly protected?: boolean;
  /** Who looks at it is written down: the audit log names the column in entries of reads. */
  readonly sensitive?: boolean;
  /** Read and written only by who has a permission for it (column security). */
  readonly secured?: boolean;
  /** Never on the wire, in `$metadata` or in a query: for example the hash of a secret. */
  readonly hidden?: boolean;
}

/**
 * Columns that show values of the row that a lookup points to. They are written when the row is, and again whenever
 * the source row changes.
 */
export interface MirrorDefinition {
  /** Lookup column of this table. */
  readonly through: string;
  /** Column of this table -> column of the source table. */
  readonly columns: Readonly<Record<string, string>>;
}

export interface ManyToManyDefinition {
  /** Logical name of the intersect table. */
  readonly intersect: string;
  /** Navigation property on this table, which is also the name of the relationship. */
  readonly navigation: string;
  readonly target: string;
  /** Navigation property on the target; usually the same name. */
  readonly inverse: string;
  /** Columns of the intersect table that hold the id of this table's row and of the target's row. */
  readonly ownColumn: string;
  readonly targetColumn: string;
  /** Column of this table whose value `ownColumn` holds: rows with the same value share their links. Absent: the key. */
  readonly ownKey?: string;
}

/**
 * - `virtual`: rows live in Human Resources, both gates guard it.
 * - `native`: a stored Dataverse table, gate one only.
 * - `administration`: a table of Human Resources' own administration, reached under `/data/`.
 * - `directory`: tenants, app registrations and their like; in a database of its own, never part of an environment.
 */
export type TableKind = 'virtual' | 'native' | 'administration' | 'directory';

/** Columns by which rows of a native table are found besides the primary key; no two rows have the same values. */
export interface AlternateKeyDefinition {
  readonly name: string;
  readonly schemaName: string;
  readonly label: string;
  readonly labelNb?: string;
  readonly columns: readonly string[];
}

export interface TableDefinition {
  readonly logicalName: string;
  readonly schemaName: string;
  readonly entitySetName: string;
  readonly label: string;
  readonly labelNb?: string;
  /** Name of many rows; absent: the label. */
  readonly pluralLabel?: string;
  readonly pluralLabelNb?: string;
  readonly kind: TableKind;
  /** Made by a customizer of this environment. */
  readonly custom?: boolean;
  /** Native tables: who owns rows, which decides the depths that a privilege may have. Virtual ones: organization. */
  readonly ownership?: 'organization' | 'businessUnit' | 'user';
  /** Suffix of the table's privileges where it is not the logical name (`User` in `prvReadUser`). */
  readonly privilegeSuffix?: string;
  /** Joins two tables many-to-many; reached only through them. */
  readonly intersect?: boolean;
  /** Object type code in Dataverse's messages. */
  readonly objectTypeCode: number;
  /** Virtual tables: number of the data entity, the first group of row ids (human-resources-security 5.3). */
  readonly entityNumber?: number;
  /** Virtual tables: name of the Human Resources data entity, the securable object of gate two. */
  readonly entityName?: string;
  readonly purpose: string;
  readonly purposeNb?: string;
  readonly primaryKey: string;
  readonly primaryName: string;
  /** Columns whose values, as text and joined with ` | `, the system writes into the primary name (`mshr_primaryfield`). */
  readonly primaryNameFrom?: readonly string[];
  /** Business key in order; unique where all its columns have values. */
  readonly naturalKey: readonly string[];
  /** Column with the legal entity code; absent on tables that all companies share. */
  readonly companyColumn?: string;
  /** Place in the source document's list of forty tables; absent for the others. */
  readonly sourceDocumentOrder?: number;
  /** What an ATS integration needs, which HcmRecruitingIntegrator therefore grants. */
  readonly recruitingAccess?: 'none' | 'read' | 'update' | 'create' | 'full';
  readonly columns: readonly ColumnDefinition[];
  /** Native tables. */
  readonly keys?: readonly AlternateKeyDefinition[];
  readonly mirrors?: readonly MirrorDefinition[];
  readonly manyToMany?: readonly ManyToManyDefinition[];
  /** Further columns that are often filtered or sorted by and therefore indexed (keys and lookups always are). */
  readonly indexed?: readonly string[];
}

/** A column linked into its table. */
export interface Column extends ColumnDefinition {
  readonly table: Table;
  /** Name on the wire: `_<name>_value` for lookups, else `name`. */
  readonly property: string;
  /** Characters allowed, for `String` and `Memo`. */
  readonly maxLength: number;
  readonly scale: number;
  /** `String` and `Memo`: keys for equality and order are stored beside it (`text-key.ts`). */
  readonly isText: boolean;
}

export type Navigation = SingleNavigation | CollectionNavigation | ManyToManyNavigation;

/** Lookup to one row of `target`. */
export interface SingleNavigation {
  readonly kind: 'single';
  readonly name: string;
  readonly table: Table;
  readonly target: Table;
  readonly column: Column;
}

/** All rows of `target` whose lookup `column` points to this row. */
export interface CollectionNavigation {
  readonly kind: 'collection';
  readonly name: string;
  readonly table: Table;
  readonly target: Table;
  /** Lookup column of `target`. */
  readonly column: Column;
}

/** Rows of `target` joined through the intersect table. */
export interface ManyToManyNavigation {
  readonly kind: 'manyToMany';
  readonly name: string;
  readonly table: Table;
  readonly target: Table;
  readonly intersect: Table;
  readonly ownColumn: Column;
  readonly targetColumn: Column;
  /** Columns of `table` and `target` whose values `ownColumn` and `targetColumn` hold; nearly always the primary keys. */
  readonly ownKey: Column;
  readonly targetKey: Column;
}

/** A table linked to the others. */
export interface Table
  extends Omit<TableDefinition, 'columns' | 'primaryKey' | 'primaryName' | 'primaryNameFrom' | 'naturalKey'> {
  readonly columns: readonly Column[];
  readonly primaryKey: Column;
  readonly primaryName: Column;
  /** Empty where the primary name is an ordinary column. */
  readonly primaryNameFrom: readonly Column[];
  readonly naturalKey: readonly Column[];
  readonly company: Column | undefined;
  /** By logical name. */
  readonly column: ReadonlyMap<string, Column>;
  /** By name on the wire; without hidden columns. */
  readonly property: ReadonlyMap<string, Column>;
  readonly navigation: ReadonlyMap<string, Navigation>;
}

export interface ChoiceOption {
  readonly value: number;
  /** External name: what Human Resources matches options by. */
  readonly name: string;
  readonly label: string;
  readonly labelNb?: string;
  readonly description?: string;
  readonly descriptionNb?: string;
  /** `#rrggbb`. */
  readonly color?: string;
  /** Options of `statuscode`: the state that they belong to. */
  readonly state?: number;
  /** Options of `statecode`: the status that comes with the state. */
  readonly defaultStatus?: number;
}

export interface Choice {
  readonly name: string;
  /** Made by a customizer of this environment. */
  readonly custom?: boolean;
  readonly label: string;
  readonly labelNb?: string;
  readonly description?: string;
  readonly descriptionNb?: string;
  readonly options: readonly ChoiceOption[];
}

/** All tables and choices of an environment. Immutable; a changed model is a new value. */
export interface Model {
  readonly tables: readonly Table[];
  readonly table: ReadonlyMap<string, Table>;
  /** Tables of the Web API (`virtual` and `native`, no intersects) by entity set name. */
  readonly entitySet: ReadonlyMap<string, Table>;
  /** Tables under `/data/` by entity set name. */
  readonly administrationSet: ReadonlyMap<string, Table>;
  readonly choice: ReadonlyMap<string, Choice>;
}
