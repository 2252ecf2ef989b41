// How many rules the measured policies have.
export const SIZES = [10, 100, 1000];
