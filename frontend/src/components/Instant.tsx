import { useFormats, useToday } from '@/lib/session/clock';

interface InstantProps {
  at: string;
  /** How much of it is shown: the hour, the hour with seconds, as little as is clear today, or all. */
  show?: 'time' | 'seconds' | 'compact' | 'full';
}

/** A time in the display zone, with UTC on hover. */
export function Instant({ at, show = 'compact' }: InstantProps) {
  const formats = useFormats();
  const today = useToday();
  return (
    <time dateTime={at} title={formats.utc(at)}>
      {text()}
    </time>
  );

  function text(): string {
    switch (show) {
      case 'time':
        return formats.time(at);
      case 'seconds':
        return formats.seconds(at);
      case 'compact':
        return formats.compact(at, today);
      case 'full':
        return formats.dateTime(at);
    }
  }
}
