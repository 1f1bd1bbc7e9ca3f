const within = 1_200;

/**
 * Tells the letter that follows g soon enough. Each key is given with its time in ms since the page was loaded, so that
 * no time at all must count as long ago.
 */
export function goSequence(): (key: string, at: number) => string | undefined {
  let goPressed = Number.NEGATIVE_INFINITY;
  return (key, at) => {
    if (key === 'g') {
      goPressed = at;
      return undefined;
    }
    const follows = at - goPressed <= within;
    goPressed = Number.NEGATIVE_INFINITY;
    return follows ? key : undefined;
  };
}
