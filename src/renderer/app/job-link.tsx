import { Link } from '@tanstack/react-router';
import type { JSX, ReactNode } from 'react';
import type { Job } from '../../shared/jobs/job.ts';

export interface JobLinkProps {
  readonly job: Pick<Job, 'kind' | 'subject'>;
  readonly children: ReactNode;
  readonly className?: string;
  readonly 'aria-label'?: string | undefined;
}

/** Leads to where a job's work and its outcome are looked at. */
export function JobLink({ job: { kind, subject }, ...link }: JobLinkProps): JSX.Element {
  switch (kind) {
    case 'import':
    case 'curation':
      return <Link to="/data" {...link} />;
    case 'tokenizer':
      return <Link to="/tokenizers" {...link} />;
    case 'training':
      return subject?.noun === 'run' ? (
        <Link to="/runs/$run" params={{ run: subject.name }} {...link} />
      ) : (
        <Link to="/runs" {...link} />
      );
    case 'preparation':
      return <Link to="/runs" {...link} />;
    case 'measurement':
      return <Link to="/activity" {...link} />;
    case 'evaluation':
      return <Link to="/evaluate" {...link} />;
    case 'export':
      return <Link to="/export" {...link} />;
  }
}
