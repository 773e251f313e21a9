// Several questions at once, of which one answer is wanted: the best in the order of the questions, not the fastest.

/**
 * Resolves with the answer of the first question in order that has one, as soon as all before it have answered "nothing"
 * (undefined, or a rejection); when `givenUp` resolves, with the first in order that is there by then.
 */
export function firstInOrder<T>(
  questions: readonly Promise<T | undefined>[],
  givenUp: Promise<void>,
): Promise<T | undefined> {
  const answers: { readonly answer: T | undefined }[] = [];
  return new Promise((resolve) => {
    const decide = (isLast: boolean) => {
      for (let index = 0; index < questions.length; index++) {
        const settled = answers[index];
        if (settled === undefined && !isLast) return;
        if (settled?.answer !== undefined) return resolve(settled.answer);
      }
      resolve(undefined);
    };
    questions.forEach((question, index) => {
      const settle = (answer: T | undefined) => {
        answers[index] = { answer };
        decide(false);
      };
      question.then(settle, () => settle(undefined));
    });
    if (questions.length === 0) resolve(undefined);
    void givenUp.then(() => decide(true));
  });
}
