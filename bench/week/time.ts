// Lengths of time, and the week that is simulated: it begins on a Monday at midnight.

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

export const FIVE_HOURS_MINUTES = 300;
export const WEEK_MINUTES = 10_080;

/** Epoch ms. */
export const weekStartsAt = Date.UTC(2026, 10, 16);
export const weekEndsAt = weekStartsAt + WEEK;
