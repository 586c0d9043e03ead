import type { ReactNode } from 'react';
import type { TermName } from '../../shared/teaching/terms.ts';

/** A column of a table that draws only the rows in view. */
export interface VirtualColumn<Row> {
  readonly id: string;
  readonly title: ReactNode;
  readonly explain?: TermName | undefined;
  /** A width in CSS's grid: '8rem', 'minmax(12rem, 2fr)'. */
  readonly width: string;
  readonly align?: 'start' | 'end';
  readonly sortable?: boolean;
  /** One line; what is too long is cut. */
  readonly render: (row: Row, index: number) => ReactNode;
}
