package graph

import (
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/page"
)

func alertRuleConnection(p page.Page[*alerts.CustomRule]) *model.CustomAlertRuleConnection {
	return &model.CustomAlertRuleConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *alerts.CustomRule) *model.CustomAlertRuleEdge {
		return &model.CustomAlertRuleEdge{Cursor: cursor, Node: node}
	})}
}
