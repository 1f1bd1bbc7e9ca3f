import { graphql } from '@/gql';

export const ViewsDocument = graphql(`
  query SavedViews($list: ViewedList!) {
    savedViews(list: $list) {
      id
      list
      name
      search
    }
  }
`);

export const SaveViewDocument = graphql(`
  mutation SaveView($input: SaveViewInput!) {
    saveView(input: $input) {
      view {
        id
        list
        name
        search
      }
    }
  }
`);

export const DeleteViewDocument = graphql(`
  mutation DeleteView($input: DeleteViewInput!) {
    deleteView(input: $input) {
      id
    }
  }
`);
