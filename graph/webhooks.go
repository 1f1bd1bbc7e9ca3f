package graph

import (
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/webhooks"
)

func webhookDeliveryConnection(p page.Page[*webhooks.Delivery]) *model.WebhookDeliveryConnection {
	return &model.WebhookDeliveryConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *webhooks.Delivery) *model.WebhookDeliveryEdge {
		return &model.WebhookDeliveryEdge{Cursor: cursor, Node: node}
	})}
}

func testWebhookPayload(a *webhooks.Answer) *model.TestWebhookPayload {
	if a == nil {
		return nil
	}
	payload := &model.TestWebhookPayload{Problem: a.Problem, Milliseconds: a.Milliseconds}
	if a.Status != 0 {
		payload.Status = &a.Status
	}
	if a.Text != "" {
		payload.Answer = &a.Text
	}
	return payload
}
