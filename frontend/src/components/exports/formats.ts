import type { ExportFormat } from '@/gql/graphql';

/** The formats in which entries can be had. */
export const entryFormats: readonly ExportFormat[] = ['CSV', 'XLSX', 'JSON', 'NDJSON', 'PDF'];

/** The formats in which working hours can be had. */
export const hourFormats: readonly ExportFormat[] = ['CSV', 'XLSX', 'PDF'];
