import { Link } from '@tanstack/react-router';
import type { JSX, ReactNode } from 'react';
import type { Job } from '../../shared/jobs/job.ts';

export interface JobLinkProps {
  readonly job: Pick<Job, 'kind' | 'subject' | 'status'>;
  readonly children: ReactNode;
  readonly className?: string;
  readonly 'aria-label'?: string | undefined;
}

/** Leads to where a job's work and its outcome are looked at. */
export function JobLink({ job: { kind, subject, status }, ...link }: JobLinkProps): JSX.Element {
  // What a job makes is there once it was completed.
  const made = status === 'completed' ? subject?.name : undefined;
  switch (kind) {
    case 'import':
      return subject === undefined ? (
        <Link to="/models" {...link} />
      ) : (
        <Link to="/data" search={made === undefined ? {} : { dataset: made }} {...link} />
      );
    case 'curation':
      return <Link to="/data" search={subject === undefined ? {} : { dataset: subject.name }} {...link} />;
    case 'tokenizer':
      return <Link to="/tokenizers" search={made === undefined ? {} : { tokenizer: made }} {...link} />;
    case 'training':
      return subject === undefined ? (
        <Link to="/runs" {...link} />
      ) : (
        <Link to="/runs/$run" params={{ run: subject.name }} {...link} />
      );
    case 'preparation':
      return made === undefined ? (
        <Link to="/runs" {...link} />
      ) : (
        <Link to="/runs/$run" params={{ run: made }} {...link} />
      );
    case 'measurement':
      return <Link to="/new-model" {...link} />;
    case 'evaluation':
      return <Link to="/evaluate" {...link} />;
    case 'export':
      return <Link to="/export" {...link} />;
    case 'verification':
      return <Link to="/check" {...link} />;
  }
}
