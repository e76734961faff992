/** Value of an annotation: a constant, the names of properties, a list or a record of values. */
export type AnnotationValue =
  | string
  | boolean
  | number
  | PropertyNames
  | readonly AnnotationValue[]
  | { readonly [property: string]: AnnotationValue };

/** Names of properties, which XML tells apart from texts. */
export class PropertyNames {
  readonly kind: 'PropertyPath' | 'NavigationPropertyPath';
  readonly names: readonly string[];

  constructor(kind: PropertyNames['kind'], names: readonly string[]) {
    this.kind = kind;
    this.names = names;
  }
}

/** By qualified term. */
export type Annotations = Readonly<Record<string, AnnotationValue>>;

export const isList = (value: AnnotationValue): value is readonly AnnotationValue[] => Array.isArray(value);
