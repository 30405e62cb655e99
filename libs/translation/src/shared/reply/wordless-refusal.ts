/** Stands for a refusal that came without words: clients look at this field to tell one. */
export const wordlessRefusal = 'The model refused to answer.';
