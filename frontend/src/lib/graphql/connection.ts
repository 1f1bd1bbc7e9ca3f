/** How the live connection is doing. */
export interface ConnectionStatus {
  state: 'idle' | 'connecting' | 'live' | 'lost';
  /** Since when, in milliseconds of this machine's clock. */
  since: number;
  /** When the last event arrived, in milliseconds of this machine's clock; null before the first. */
  lastEvent: number | null;
}

/** What is known of the live connection; components subscribe to it with useSyncExternalStore. */
export class ConnectionMonitor {
  private status: ConnectionStatus;
  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
    this.status = { state: 'idle', since: now(), lastEvent: null };
  }

  readonly snapshot = (): ConnectionStatus => this.status;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Notes a change of state; the same state again keeps its beginning. */
  enter(state: ConnectionStatus['state']): void {
    if (state === this.status.state) return;
    this.publish({ ...this.status, state, since: this.now() });
  }

  /** Notes that an event arrived, or happened at an earlier instant. */
  event(at: number = this.now()): void {
    this.publish({ ...this.status, lastEvent: Math.max(at, this.status.lastEvent ?? 0) });
  }

  private publish(status: ConnectionStatus): void {
    this.status = status;
    for (const listener of this.listeners) listener();
  }
}

/** What a person is told: a connection that stays away for long is not called "reconnecting" any more. */
export type ShownState = 'connecting' | 'live' | 'reconnecting' | 'offline';

const patience = 20_000;

export function shownState(status: ConnectionStatus, online: boolean, now: number): ShownState {
  if (!online) return 'offline';
  if (status.state === 'live') return 'live';
  if (status.state !== 'lost') return 'connecting';
  return now - status.since > patience ? 'offline' : 'reconnecting';
}
