import { Skeleton } from '@mantine/core';
import classes from './SkeletonRows.module.css';

/** Rows of the final height while a list loads. */
export function SkeletonRows({ rows }: { rows: number }) {
  return (
    <div aria-busy="true">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have nothing else
        <div className={classes.row} key={index}>
          <Skeleton height={12} width={`${86 - ((index * 37) % 41)}%`} radius="sm" />
        </div>
      ))}
    </div>
  );
}
