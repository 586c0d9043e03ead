import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Parsers of options' values; commander adds the option's name to the message. */

export function parseWholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

export function parsePositiveWholeNumber(text: string): number {
  const value = parseWholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}

/** The start of the random numbers: the generators take 32 bits. */
export function parseSeed(text: string): number {
  const value = parseWholeNumber(text);
  if (value >= 2 ** 32) throw new InvalidArgumentError('It must be at most 4294967295.');
  return value;
}

export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

export function parseNonNegative(text: string): number {
  const value = parseNumber(text);
  if (value < 0) throw new InvalidArgumentError('It must not be negative.');
  return value;
}

export function parsePositive(text: string): number {
  const value = parseNumber(text);
  if (value <= 0) throw new InvalidArgumentError('It must be more than 0.');
  return value;
}

export function parseFraction(text: string): number {
  const value = parseNonNegative(text);
  if (value > 1) throw new InvalidArgumentError('It must be between 0 and 1.');
  return value;
}
