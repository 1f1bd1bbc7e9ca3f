import classes from './Brand.module.css';

/** Mark and name of the product. */
export function Brand() {
  return (
    <span className={classes.brand}>
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <rect width="32" height="32" rx="7" className={classes.plate} />
        <g className={classes.key} fill="none" strokeWidth="2.6" strokeLinecap="round">
          <circle cx="11" cy="16" r="5" />
          <path d="M16 16h11M22 16v4.2M26.4 16v3" />
        </g>
      </svg>
      <span className={classes.name}>keytrail</span>
    </span>
  );
}
