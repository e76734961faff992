/** Table definitions contradict each other. The message names the table and the column: it is for whoever wrote them. */
export class ModelError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ModelError';
  }
}
