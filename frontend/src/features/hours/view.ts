import type { Worker } from './CorrectDialog';

/** What a view of hours is given. */
export interface ViewProps {
  day: string;
  filter: WorkFilter;
  /** False where work is not recorded now; there may be hours from before. */
  recording: boolean;
  narrow(person: string): void;
  /** Absent where the reader may not correct. */
  correct?: (worker: Worker) => void;
}

/** Whose hours; null is everybody's that the reader may see. */
export interface WorkFilter {
  person: string | null;
  department: string | null;
}
