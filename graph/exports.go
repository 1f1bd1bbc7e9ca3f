package graph

import (
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/exports"
)

// orderOf gives what is ordered.
func orderOf(in model.StartExportInput) exports.Order {
	return exports.Order{
		List: in.List, Format: in.Format, Language: value(in.Language), Proofs: in.Proofs, Log: value(in.Filter), Hours: value(in.Hours), By: in.By,
	}
}
