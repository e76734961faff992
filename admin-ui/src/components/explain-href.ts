/** Where a refused request is explained. */
export const explainHref = (requestId: string): string => `/app/explain?request=${encodeURIComponent(requestId)}`;
