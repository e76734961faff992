/** The options that the demo uses, by the names in `metadata/choices.ts`. A test compares the two. */

export const requestStatus = {
  Draft: 200000000,
  InReview: 200000001,
  Pending: 200000002,
  Canceled: 200000003,
  Denied: 200000004,
  Active: 200000005,
  Closed: 200000006,
} as const;

export const positionStatus = { Open: 200000000, Filled: 200000001, Canceled: 200000002 } as const;

export const noYes = { No: 200000000, Yes: 200000001 } as const;

export const gender = { None: 200000000, Male: 200000001, Female: 200000002 } as const;

export const contactType = { Phone: 200000001, Emailaddress: 200000002, LinkedIn: 200000008 } as const;

export const exemptStatus = { Exempt: 200000000, NonExempt: 200000001, DoesNotApply: 200000002 } as const;

export const jobCategory = {
  Executive: 200000001,
  Manager: 200000002,
  Professional: 200000003,
  Technician: 200000004,
  SalesWorker: 200000005,
  Administrative: 200000006,
  CraftWorker: 200000007,
  Operative: 200000008,
  ServiceWorker: 200000010,
} as const;

export const employmentStatus = { Fulltime: 200000001, Parttime: 200000002 } as const;

export const frequencyUnit = { Onetimeonly: 200000000, Yearly: 200000004 } as const;

export const generateFrom = { Notselected: 200000000, Datecompleted: 200000001 } as const;

export const skillLevelType = { Actual: 200000000, Target: 200000001 } as const;

export const applicantResult = { Notprocessed: 200000000, Hired: 200000001, Nothired: 200000002 } as const;
