import { Skeleton } from '@mantine/core';
import frame from '../frame/Frame.module.css';

/** The frame's layout while nothing is known yet. */
export function FrameSkeleton() {
  return (
    <div className={frame.frame} aria-busy="true">
      <div className={frame.rail} />
      <div className={frame.top} />
      <div className={frame.main}>
        <Skeleton height={24} width={220} mb={20} />
        <Skeleton height={140} mb={20} />
        <Skeleton height={320} />
      </div>
    </div>
  );
}
