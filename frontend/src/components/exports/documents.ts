import { graphql } from '@/gql';

export const ExportsDocument = graphql(`
  query Exports {
    exportJobs {
      id
      list
      format
      state
      problem
      rowsDone
      rowsTotal
      rowsPerSecond
      createdAt
      expiresAt
      path
    }
  }
`);

export const StartExportDocument = graphql(`
  mutation StartExport($input: StartExportInput!) {
    startExport(input: $input) {
      job {
        id
      }
    }
  }
`);

export const CancelExportDocument = graphql(`
  mutation CancelExport($id: ID!) {
    cancelExport(input: { id: $id }) {
      job {
        id
        state
      }
    }
  }
`);
