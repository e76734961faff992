/** A URL that the parser takes, by the rule of the OData 4.01 ABNF, or of Dataverse's dialect, that it is written for. */
export interface AcceptedUrl {
  readonly rule: string;
  /** As it is given to `parse`; spaces may stand as they are. */
  readonly url: string;
  /** What `print` gives. */
  readonly tree: string;
}

export interface RefusedUrl {
  readonly rule: string;
  readonly url: string;
  /** Index into `url`. */
  readonly position: number;
  /** Status and code of the answer. */
  readonly problem: string;
  /** How the message begins. */
  readonly says: string;
}
