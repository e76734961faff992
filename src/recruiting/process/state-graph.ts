/** One way from one state to another, and the method of the data entity that goes it. */
export interface Step<Condition extends string = never> {
  readonly method: string;
  readonly from: number;
  readonly to: number;
  /** What must hold besides; absent: nothing. */
  readonly only?: Condition;
}

/** The step between two states, if there is one. */
export const stepBetween = <S extends Step<string>>(graph: readonly S[], from: number, to: number): S | undefined =>
  graph.find((step) => step.from === from && step.to === to);

/** The step that a method goes from a state, if it does. */
export const stepOf = <S extends Step<string>>(graph: readonly S[], from: number, method: string): S | undefined =>
  graph.find((step) => step.from === from && step.method === method);

/** The states that one step leads to. */
export const statesAfter = (graph: readonly Step<string>[], from: number): readonly number[] =>
  graph.filter((step) => step.from === from).map((step) => step.to);

/** The states that a method starts from. */
export const startsOf = (graph: readonly Step<string>[], method: string): readonly number[] =>
  graph.filter((step) => step.method === method).map((step) => step.from);
