/** In the place of an answer that did not come. */
export const late = Symbol('late');

/** An answer, or `late` when it has not come after `longest` milliseconds. Rejects as the answer does. */
export async function inTime<T>(answer: Promise<T>, longest: number): Promise<T | typeof late> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), longest);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
